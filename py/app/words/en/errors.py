"""What went wrong, and what to do about it."""

MESSAGES = {
    # Files.
    "error.empty": "“{name}” is empty.",
    "error.too-many-pixels": "“{name}” has too many pixels.",
    "error.damaged": "“{name}” is damaged or incomplete.",
    "error.unknown-format": "“{name}” is not a picture in any format known here.",
    "error.text-file": "“{name}” holds text, not a picture.",
    "error.damaged-file-of-type": "“{name}” is {file_type}, damaged or incomplete.",
    "error.not-known-to-the-browser": (
        "“{name}” is {file_type}. It could not be read: this browser may not know the format, or "
        "the file is damaged."
    ),
    "error.not-read-here": "“{name}” is {file_type}, which is not read here.",
    "error.not-a-photo": "“{name}” is {file_type}, not a photo.",
    "error.few-pixels": "“{name}” has only {width_px} × {height_px} pixels.",
    "error.few-pixels-decoded": "The picture has only {width_px} × {height_px} pixels.",
    "error.strip": "“{name}” is a strip of {width_px} × {height_px} pixels.",
    "error.many-megapixels": "“{name}” has {megapixels, number, ::.} million pixels.",
    "error.more-than-memory": (
        "“{name}” has {megapixels, number, ::.} million pixels, more than the memory of a page "
        "can hold."
    ),
    "error.many-megabytes": "“{name}” is {megabytes, number, ::.} MB large.",
    "error.stopped-twice": "Lentigo’s program has stopped twice at this photo.",
    # What the browser refuses; its own words are technical.
    "error.not-a-file": "That is not a file.",
    "error.folder": "That is a folder, not a photo.",
    "error.web-address": "That is a web address, not a photo.",
    "error.text-dropped": "That is text, not a photo.",
    "error.file-unreadable": "The file could not be read.",
    "error.camera-gives-nothing": "The camera gives no picture.",
    "error.camera-refused": "Camera access is blocked.",
    "error.camera-absent": "No camera was found.",
    "error.camera-busy": "The camera is in use or was disconnected.",
    "error.pixels-hidden": (
        "This browser is set to hide what is in pictures from every page, so Lentigo cannot see "
        "through the camera."
    ),
    # The model.
    "error.model-file-elsewhere": "The model file {path} is not on the page’s own host.",
    "error.model-file-unreachable": "The model file {path} cannot be reached.",
    "error.model-file-missing": "The model file {path} is missing (status {status}).",
    "error.model-file-damaged": "The model file {path} is damaged or of another version.",
    "error.model-file-not-json": "The model file {path} is not JSON.",
    "error.model-file-of-another-build": (
        "The model file {path} is not the one that this page was built with."
    ),
    "error.model-shard-unlisted": "The model names a shard that its manifest lacks.",
    "error.no-such-model": "There is no model “{model}”. Available: {there}.",
    "error.no-such-backend": "There is no backend “{backend}”. Available: {there}.",
    "error.no-backend": "The model runs on no backend of this browser: {reasons}.",
    "error.model-not-loaded": "The model is not loaded.",
    "error.model-program-missing": "A part of Lentigo could not be loaded. Reload the page.",
    "error.model-silent": "Lentigo does not start. Check the connection and reload the page.",
    "error.model-program-stopped": "A part of Lentigo stopped twice. Reload the page.",
    # What should not happen.
    "error.mistake": "Lentigo made a mistake with this picture.",
    "error.logits": "The model gave {given} numbers, not {wanted}.",
    "error.maps": "The model gave maps of {given} numbers, not {wanted}.",
    "error.in-other-words": "{what}",
    # What to do about it.
    "error.next.reload": "Reload the page and try again.",
    "error.next.choose-another": "Choose another photo, as JPEG, PNG or WebP.",
    "error.next.choose-again": (
        "Choose the photo again; if it lies in a cloud folder, download it first."
    ),
    "error.next.save-first": "Save the picture to this device and choose the file.",
    "error.next.open-folder": "Open the folder and choose the photo itself.",
    "error.next.take-again": "Take the photo again, or copy the file once more from where it came.",
    "error.next.crop": "Crop the photo to the spot, or save it with fewer pixels, and try again.",
    "error.next.choose-original": (
        "Choose the original photo rather than a thumbnail or a strip: at least 64 pixels a side."
    ),
    "error.next.save-as-jpeg": (
        "Open the photo on your device, save it as JPEG, and choose that file."
    ),
    "error.next.tell-the-host": (
        "The site was not deployed completely. Reload; if it stays, tell whoever runs it."
    ),
    "error.next.another-browser": (
        "Reload the page. If it stays, update this browser (on an iPhone or iPad: update iOS), or "
        "try a current Chrome or Edge on a computer."
    ),
    "error.next.check-connection": "Check the connection and reload the page.",
    "error.next.without-model": "Take “model=” out of the page’s address and load it again.",
    "error.next.without-backend": "Take “backend=” out of the page’s address and load it again.",
    "error.next.choose-a-photo": "You can still choose a photo.",
    "error.next.allow-camera": (
        "iPhone: open Settings, Apps, Safari, Camera, and choose Allow. Android and computers: tap "
        "the sign left of the page’s address and allow the camera. Then try again, or choose a "
        "photo."
    ),
    "error.next.allow-camera-in-app": (
        "iPhone and iPad: close Lentigo, open it again, and choose Allow. Android: open Settings, "
        "Apps, Lentigo, Permissions, and allow the camera. Computers: open the menu at the top of "
        "the window and allow the camera for this app. Then try again, or choose a photo."
    ),
    "error.next.no-camera": (
        "Choose a photo instead. A camera needs a page that is served over HTTPS."
    ),
    "error.next.free-camera": (
        "Close the other app that uses the camera and try again, or choose a photo."
    ),
    # What a file is, with its article, within a sentence.
    "file-type.animation": "an animation",
    "file-type.apple-icon": "an Apple icon",
    "file-type.archive": "an archive or a document",
    "file-type.avif": "an AVIF picture",
    "file-type.blp-texture": "a BLP texture",
    "file-type.bmp": "a BMP picture",
    "file-type.bmp-run-length": "a BMP picture compressed by run length",
    "file-type.bpg": "a BPG picture",
    "file-type.dds-texture": "a DDS texture",
    "file-type.dicom": "a DICOM picture",
    "file-type.djvu": "a DjVu picture",
    "file-type.drawing": "a drawing",
    "file-type.fax": "a fax of several pages",
    "file-type.film": "a film",
    "file-type.flif": "a FLIF picture",
    "file-type.ftex-texture": "an FTEX texture",
    "file-type.gif": "a GIF picture",
    "file-type.gimp": "a GIMP picture",
    "file-type.gimp-brush": "a GIMP brush",
    "file-type.heic": "an HEIC picture",
    "file-type.high-dynamic-range": "a picture with high dynamic range",
    "file-type.icon": "an icon",
    "file-type.jng": "a JNG picture",
    "file-type.jpeg": "a JPEG picture",
    "file-type.jpeg-2000": "a JPEG 2000 picture",
    "file-type.jpeg-rare": "a JPEG picture of a rare kind",
    "file-type.jpeg-xl": "a JPEG XL picture",
    "file-type.jpeg-xr": "a JPEG XR picture",
    "file-type.measurements": "a file of measurements",
    "file-type.mouse-pointer": "a mouse pointer",
    "file-type.netpbm": "a Netpbm picture",
    "file-type.openexr": "an OpenEXR picture",
    "file-type.pcx": "a PCX picture",
    "file-type.pdf": "a PDF document",
    "file-type.photo-cd": "a Photo CD picture",
    "file-type.photoshop": "a Photoshop picture",
    "file-type.pixar": "a PIXAR picture",
    "file-type.png": "a PNG picture",
    "file-type.postscript-drawing": "a PostScript drawing",
    "file-type.program": "a program",
    "file-type.qoi": "a QOI picture",
    "file-type.radiance": "a Radiance picture",
    "file-type.raw": "a camera’s raw file",
    "file-type.sgi": "an SGI picture",
    "file-type.sound": "a sound file",
    "file-type.sun-raster": "a Sun raster picture",
    "file-type.targa": "a Targa picture",
    "file-type.tiff": "a TIFF picture",
    "file-type.tiff-cielab": "a TIFF picture in CIELAB colours",
    "file-type.tiff-deflate": "a TIFF picture compressed by Deflate",
    "file-type.tiff-jpeg": "a TIFF picture compressed by JPEG",
    "file-type.tiff-large": "a TIFF picture for large files",
    "file-type.tiff-lzma": "a TIFF picture compressed by LZMA",
    "file-type.tiff-planes-of-16": "a TIFF picture with 16 bits in separate planes",
    "file-type.tiff-rare": "a TIFF picture of a rare kind",
    "file-type.tiff-webp": "a TIFF picture compressed by WebP",
    "file-type.tiff-zstandard": "a TIFF picture compressed by Zstandard",
    "file-type.twelve-bit-colour": "a picture with 12 bits a colour",
    "file-type.web-page": "a web page",
    "file-type.webp": "a WebP picture",
    "file-type.windows-drawing": "a Windows drawing",
    "file-type.windows-paint": "a Windows Paint picture",
    "file-type.xpm": "an XPM icon",
    "file-type.xv-thumbnail": "a thumbnail of XV",
    "file.nameless": "the file",
}
