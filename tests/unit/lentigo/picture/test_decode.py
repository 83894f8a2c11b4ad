import contextlib
import gc
import io
import struct
import weakref
import zlib

import numpy as np
import pytest
from PIL import Image

from lentigo.errors import (
    BrokenPictureError,
    EmptyFileError,
    Fault,
    HostDecodableError,
    NextStep,
    NotAPictureError,
    PictureError,
    PictureTooLargeError,
    PictureTooSmallError,
    TooLargeHereError,
    from_wire,
)
from lentigo.picture import icc, jpeg, webp
from lentigo.picture.colour_space import to_srgb
from lentigo.picture.decode import MAXIMUM_WEBP_PX, WORKING_SIDE_PX, decode


def encoded(picture: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **options)
    return buffer.getvalue()


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> Image.Image:
    picture = Image.new("RGB", (200, 100), left)
    picture.paste(right, (100, 0, 200, 100))
    return picture


RED_BLUE = halves((200, 0, 0), (0, 0, 200))


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_common_formats_are_decoded(file_format: str) -> None:
    decoded = decode(encoded(RED_BLUE, file_format))
    assert decoded.picture.mode == "RGB"
    assert decoded.format == file_format
    assert (decoded.file_width_px, decoded.file_height_px) == (200, 100)
    assert decoded.picture.getpixel((20, 50)) == pytest.approx((200, 0, 0), abs=6)


@pytest.mark.parametrize(("orientation", "corner"), [(3, "blue"), (6, "red"), (8, "blue")])
def test_the_picture_stands_upright(orientation: int, corner: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode(encoded(RED_BLUE, "PNG", exif=exif)).picture
    assert picture.size == ((200, 100) if orientation == 3 else (100, 200))
    red, _, blue = np.asarray(picture)[5, 5]
    assert (red > blue) == (corner == "red")


def test_cmyk_becomes_rgb() -> None:
    picture = decode(encoded(RED_BLUE.convert("CMYK"), "JPEG", quality=95)).picture
    assert picture.getpixel((20, 50)) == pytest.approx((200, 0, 0), abs=12)


def test_sixteen_bit_greys_keep_their_range() -> None:
    levels = np.full((100, 100), 0x8000, dtype=np.uint16)
    picture = decode(encoded(Image.fromarray(levels), "PNG")).picture
    assert picture.getpixel((50, 50)) == (128, 128, 128)


def test_sixteen_bit_colours_become_eight_bit() -> None:
    row = b"\0" + struct.pack(">3H", 0xFFFF, 0x8000, 0) * 80
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 80, 80, 16, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * 80)),
        (b"IEND", b""),
    ]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
    assert decode(data).picture.getpixel((1, 1)) == (255, 128, 0)


def test_floating_point_greys_are_scaled_to_their_maximum() -> None:
    levels = np.full((100, 100), 0.25, dtype=np.float32)
    levels[:, 50:] = 0.5
    picture = decode(encoded(Image.fromarray(levels), "TIFF")).picture
    assert (picture.getpixel((0, 0)), picture.getpixel((99, 0))) == ((128,) * 3, (255,) * 3)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_alpha_is_laid_on_white(mode: str) -> None:
    picture = Image.new("RGBA", (100, 100), (0, 0, 0, 0)).convert(mode)
    assert decode(encoded(picture, "PNG")).picture.getpixel((1, 1)) == (255, 255, 255)


def test_a_palette_with_transparency_is_laid_on_white() -> None:
    picture = Image.new("P", (100, 100), 0)
    picture.putpalette([10, 20, 30] * 256)
    data = encoded(picture, "PNG", transparency=0)
    assert decode(data).picture.getpixel((1, 1)) == (255, 255, 255)


def test_of_an_animation_the_first_frame_counts() -> None:
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue", "lime")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode(data).picture.getpixel((1, 1)) == (255, 0, 0)


def test_bilevel_pictures_become_grey() -> None:
    assert (
        decode(encoded(Image.new("1", (90, 90), 1), "PNG")).picture.getpixel((0, 0)) == (255,) * 3
    )


def test_a_large_jpeg_is_decoded_small_and_keeps_its_shape() -> None:
    decoded = decode(encoded(Image.new("RGB", (4000, 3000), (90, 60, 50)), "JPEG"))
    assert (decoded.file_width_px, decoded.file_height_px) == (4000, 3000)
    assert decoded.picture.size == (WORKING_SIDE_PX, WORKING_SIDE_PX * 3 // 4)


def test_a_hundred_megapixel_png_is_refused_before_it_is_decoded() -> None:
    data = encoded(Image.new("1", (10_000, 10_000)), "PNG")
    with pytest.raises(PictureTooLargeError, match=r"megapixels=100\.0") as caught:
        decode(data, "huge.png")
    assert caught.value.next_step is NextStep.CROP


@pytest.mark.parametrize("size", [(1, 1), (63, 500), (500, 1)])
def test_a_tiny_picture_is_refused_with_its_size(size: tuple[int, int]) -> None:
    with pytest.raises(PictureTooSmallError, match=f"width_px={size[0]}, height_px={size[1]}"):
        decode(encoded(Image.new("RGB", size), "PNG"))


def test_an_empty_file_is_named() -> None:
    with pytest.raises(EmptyFileError, match=r"^empty: name='a\.jpg'"):
        decode(b"", "a.jpg")


def test_text_that_is_called_jpg_is_named_as_text() -> None:
    with pytest.raises(NotAPictureError, match="text-file"):
        decode(b"Dear doctor,\n" * 20, "letter.jpg")


def test_a_drawing_is_no_photo() -> None:
    with pytest.raises(NotAPictureError, match="drawing"):
        decode(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "a.svg")


def test_foreign_bytes_are_no_picture() -> None:
    with pytest.raises(NotAPictureError, match="unknown-format"):
        decode(bytes(range(256)) * 4)


def test_a_truncated_jpeg_is_broken() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), "JPEG")
    with pytest.raises(BrokenPictureError, match="damaged"):
        decode(data[: len(data) // 2])


def test_a_png_with_a_flipped_byte_is_broken() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (99, 99, 3), dtype=np.uint8)
    data = bytearray(encoded(Image.fromarray(noise), "PNG"))
    data[200] ^= 0xFF
    with pytest.raises(BrokenPictureError):
        decode(bytes(data))


def test_heic_is_left_to_the_browser() -> None:
    with pytest.raises(HostDecodableError, match="heic"):
        decode(b"\0\0\0\x18ftypheic" + b"\0" * 40, "IMG_1.HEIC")


@pytest.mark.parametrize("seed", range(40))
def test_damaged_files_are_refused_by_name_or_decoded_but_never_crash(seed: int) -> None:
    rng = np.random.default_rng(seed)
    file_format = ["JPEG", "PNG", "GIF", "WEBP", "TIFF"][seed % 5]
    data = bytearray(encoded(RED_BLUE, file_format))
    for position in rng.integers(0, len(data), 8):
        data[position] = int(rng.integers(0, 256))
    try:
        assert decode(bytes(data)).picture.mode == "RGB"
    except PictureError as error:
        assert error.fault in Fault


# --- size and memory ------------------------------------------------------------------------------


def claiming(width_px: int, height_px: int) -> bytes:
    """A PNG whose header claims a size that its pixels do not have."""
    data = bytearray(encoded(Image.new("RGB", (90, 90)), "PNG"))
    data[16:24] = struct.pack(">II", width_px, height_px)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


@pytest.mark.parametrize("side", [7_100, 30_000, 65_535, 2**31 - 1])
def test_a_header_that_claims_too_much_is_refused_before_anything_is_reserved(side: int) -> None:
    with pytest.raises(PictureTooLargeError, match="pixels"):
        decode(claiming(side, side))


def test_a_webp_that_claims_too_much_never_reaches_its_decoder() -> None:
    data = bytearray(encoded(RED_BLUE, "WEBP", lossless=True))
    assert data[12:16] == b"VP8L"
    data[21:25] = struct.pack("<I", 4999 | 4999 << 14)
    with pytest.raises(TooLargeHereError, match=r"megapixels=25\.0"):
        decode(bytes(data))


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 80}, {"exif": b"Exif\0\0"}])
def test_the_size_of_a_webp_is_read_without_its_decoder(options: dict[str, object]) -> None:
    assert webp.pixels(encoded(Image.new("RGB", (123, 77)), "WEBP", **options)) == 123 * 77


def test_a_large_webp_is_left_to_the_browser_whose_decoder_takes_less() -> None:
    side = int(MAXIMUM_WEBP_PX**0.5)
    data = encoded(Image.new("RGB", (side, side)), "WEBP")
    assert decode(data).picture.width == WORKING_SIDE_PX
    larger = encoded(Image.new("RGB", (side + 10, side)), "WEBP")
    with pytest.raises(TooLargeHereError):
        decode(larger)


def test_a_progressive_jpeg_counts_with_what_its_decoder_keeps() -> None:
    data = bytearray(encoded(RED_BLUE, "JPEG", progressive=True, subsampling=0))
    frame = data.index(b"\xff\xc2")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 6400, 6500)
    with pytest.raises(TooLargeHereError, match=r"megapixels=41\.6"):
        decode(bytes(data), "photo.jpg")


@pytest.mark.parametrize(
    ("options", "bytes_a_pixel"),
    [
        ({}, 0.0),
        ({"progressive": True, "subsampling": 0}, 6.0),
        ({"progressive": True, "subsampling": 2}, 3.0),
    ],
)
def test_the_decoder_of_a_jpeg_keeps_coefficients_only_of_several_scans(
    options: dict[str, object], bytes_a_pixel: float
) -> None:
    frame = jpeg.read_frame(encoded(RED_BLUE, "JPEG", **options))
    assert frame is not None
    assert frame.is_usual
    assert frame.coefficient_bytes == 200 * 100 * bytes_a_pixel


def test_a_large_file_of_several_jpegs_takes_the_shortcut_of_one() -> None:
    # 51 megapixels: more than is decoded at full size.
    large = Image.new("L", (8200, 6240), 90)
    data = encoded(large, "MPO", save_all=True, append_images=[Image.new("L", (80, 80))])
    width_px, height_px = decode(data).picture.size
    assert width_px == WORKING_SIDE_PX
    assert height_px == pytest.approx(WORKING_SIDE_PX * 6240 / 8200, abs=1)


@pytest.mark.parametrize("size", [(1400, 1100), (3001, 2003)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_the_bands_of_a_large_picture_leave_no_seam(mode: str, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    noise = Image.fromarray(rng.integers(0, 256, (size[1], size[0], 4), dtype=np.uint8))
    picture = noise if mode == "RGBA" else noise.convert("RGB").convert(mode)
    whole = picture.copy()
    if mode == "RGBA":
        whole = Image.alpha_composite(Image.new("RGBA", size, "white"), whole).convert("RGB")
    whole.thumbnail((WORKING_SIDE_PX, WORKING_SIDE_PX), Image.Resampling.BOX)
    in_bands = decode(encoded(picture, "PNG", compress_level=1)).picture
    assert np.array_equal(np.asarray(in_bands), np.asarray(whole.convert("RGB")))


def test_an_error_keeps_nothing_of_the_file_alive() -> None:
    """The page shows an error until the next photo: a traceback would hold a whole picture."""
    noise = np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    half = encoded(Image.fromarray(noise), "PNG")[:9000]
    with pytest.raises(BrokenPictureError) as caught:
        decode(half)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    frames = [entry.frame.f_locals for entry in caught.traceback[1:]]
    held = [value for local in frames for value in local.values()]
    assert not any(isinstance(value, bytes | Image.Image) for value in held)


class Caller:
    """Something that a caller of ``decode`` has in hand, as it has the file."""


def test_what_was_refused_is_let_go_at_once() -> None:
    """Not when the garbage collector next runs: by then another large file may have come."""

    def refuse() -> weakref.ref[Caller]:
        held = Caller()
        with contextlib.suppress(PictureError):
            decode(b"\1" * 5000)
        return weakref.ref(held)

    gc.disable()
    try:
        assert refuse()() is None
    finally:
        gc.enable()


# --- colour profiles -----------------------------------------------------------------------------

SRGB_COLUMNS = [(0.4360, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)]
# Display P3's primaries in D50 (ICC profile of Apple's displays).
P3_COLUMNS = [(0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841)]
SRGB_PARAMETRIC = struct.pack(
    ">4sIHH5i",
    b"para",
    0,
    3,
    0,
    *(round(v * 65536) for v in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)),
)


def gamma_curve(gamma: float) -> bytes:
    return struct.pack(">4sIIHH", b"curv", 0, 1, round(gamma * 256), 0)


def profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    header = bytearray(128)
    header[16:20], header[20:24], header[36:40] = space, b"XYZ ", b"acsp"
    offset = 132 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += struct.pack(">4sII", name, offset + len(body), len(data))
        body += data
    return bytes(header) + table + body


def rgb_profile(columns: list[tuple[float, float, float]], curve: bytes) -> bytes:
    tags = {}
    for channel, column in zip("rgb", columns, strict=True):
        fixed = [round(value * 65536) for value in column]
        tags[f"{channel}XYZ".encode()] = struct.pack(">4sI3i", b"XYZ ", 0, *fixed)
        tags[f"{channel}TRC".encode()] = curve
    return profile(b"RGB ", tags)


def converted(colour: tuple[int, int, int], data: bytes) -> tuple[int, ...]:
    pixel = to_srgb(Image.new("RGB", (1, 1), colour), icc.parse(data)).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return tuple(int(value) for value in pixel)


def test_an_srgb_profile_changes_nothing() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    picture = Image.fromarray(noise)
    assert to_srgb(picture, icc.parse(rgb_profile(SRGB_COLUMNS, SRGB_PARAMETRIC))) is picture


def test_display_p3_skin_becomes_more_saturated_numbers() -> None:
    # 200 150 130 in Display P3; the expected sRGB value is from the CSS Color 4 matrices.
    assert converted((200, 150, 130), rgb_profile(P3_COLUMNS, SRGB_PARAMETRIC)) == pytest.approx(
        (209, 148, 127), abs=1
    )


def test_a_neutral_grey_stays_neutral_in_every_matrix_profile() -> None:
    red, green, blue = converted((128, 128, 128), rgb_profile(P3_COLUMNS, SRGB_PARAMETRIC))
    assert (red, green, blue) == pytest.approx((128, 128, 128), abs=1)


def test_a_gamma_curve_is_applied() -> None:
    # 0.5 ** 1.8 = 0.287 in linear light, which sRGB writes as 0.573.
    value = converted((128, 128, 128), rgb_profile(SRGB_COLUMNS, gamma_curve(1.8)))
    assert value == pytest.approx((146, 146, 146), abs=1)


def test_a_sampled_curve_is_interpolated() -> None:
    table = struct.pack(">4sII3H", b"curv", 0, 3, 0, 0x8000, 0xFFFF) + b"\0\0"
    assert converted((255, 0, 128), rgb_profile(SRGB_COLUMNS, table)) == pytest.approx(
        (255, 0, 188), abs=1
    )


def test_a_grey_profile_is_applied() -> None:
    data = profile(b"GRAY", {b"kTRC": gamma_curve(1.0)})
    pixel = to_srgb(Image.new("L", (1, 1), 128), icc.parse(data)).getpixel((0, 0))
    assert pixel == pytest.approx((188, 188, 188), abs=1)


@pytest.mark.parametrize(
    "data", [b"", b"nonsense" * 30, profile(b"CMYK", {}), profile(b"RGB ", {})]
)
def test_a_profile_that_cannot_be_used_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        to_srgb(Image.new("RGB", (1, 1)), icc.parse(data))


@pytest.mark.parametrize(
    "data",
    [
        rgb_profile([(value, value, value) for value in (0.4, 0.4, 0.2)], SRGB_PARAMETRIC),
        rgb_profile([(9.0, 0.2, 0.1), (0.2, 0.7, 0.1), (0.1, 0.1, 0.7)], SRGB_PARAMETRIC),
        rgb_profile([(0.0, 0.0, 0.0)] * 3, SRGB_PARAMETRIC),
        rgb_profile(SRGB_COLUMNS, struct.pack(">4sII3H", b"curv", 0, 3, 0, 0xFFFF, 9) + b"\0\0"),
        rgb_profile(SRGB_COLUMNS, struct.pack(">4sII3H", b"curv", 0, 3, 0, 9, 10) + b"\0\0"),
        rgb_profile(SRGB_COLUMNS, struct.pack(">4sIHH3i", b"para", 0, 1, 0, 65536, 0, 65536)),
        rgb_profile(SRGB_COLUMNS, struct.pack(">4sIHHi", b"para", 0, 0, 0, -(2**31))),
        rgb_profile(SRGB_COLUMNS, struct.pack(">4sII", b"curv", 0, 2**32 - 1)),
    ],
)
def test_a_profile_that_no_camera_has_changes_nothing(data: bytes) -> None:
    """It would turn the colours to garbage, which would then be judged."""
    photo = encoded(RED_BLUE, "PNG", icc_profile=data)
    assert decode(photo).picture.getpixel((20, 50)) == (200, 0, 0)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_profile_changes_nothing_or_little(seed: int) -> None:
    rng = np.random.default_rng(seed)
    data = bytearray(rgb_profile(P3_COLUMNS, SRGB_PARAMETRIC))
    for position in rng.integers(128, len(data), 3):
        data[position] = int(rng.integers(0, 256))
    white = encoded(Image.new("RGB", (80, 80), "white"), "PNG", icc_profile=bytes(data))
    pixel = decode(white).picture.getpixel((0, 0))
    # A tenth of the light at most, which is 12 levels of 255 near white.
    assert pixel == pytest.approx((255, 255, 255), abs=13)


def chunked(name: bytes, body: bytes, picture: Image.Image) -> bytes:
    data = encoded(picture, "PNG")
    chunk = struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return data[:33] + chunk + data[33:]


SKIN_IN_P3 = Image.new("RGB", (100, 100), (200, 150, 130))


def test_the_coding_point_of_a_png_is_honoured() -> None:
    """The same colour and answer as by a profile: CSS Color 4's matrices."""
    data = chunked(b"cICP", bytes([12, 13, 0, 1]), SKIN_IN_P3)
    assert decode(data).picture.getpixel((0, 0)) == pytest.approx((209, 148, 127), abs=1)


def test_the_primaries_of_a_png_are_honoured() -> None:
    numbers = (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
    data = chunked(b"cHRM", struct.pack(">8I", *numbers), SKIN_IN_P3)
    gamma = struct.pack(">4sI", b"gAMA", 45455)
    data = (
        data[:33] + struct.pack(">I", 4) + gamma + struct.pack(">I", zlib.crc32(gamma)) + data[33:]
    )
    assert decode(data).picture.getpixel((0, 0)) == pytest.approx((209, 148, 127), abs=1)


@pytest.mark.parametrize(("gamma", "level"), [(100_000, 188), (55_556, 146), (45_455, 128)])
def test_the_gamma_of_a_png_is_honoured(gamma: int, level: int) -> None:
    # 0.5 of linear light is 188 in sRGB; 0.5 ** 1.8 is 146, as by a profile; 1/2.2 stands for sRGB.
    data = chunked(b"gAMA", struct.pack(">I", gamma), Image.new("RGB", (80, 80), (128, 128, 128)))
    assert decode(data).picture.getpixel((0, 0)) == pytest.approx((level,) * 3, abs=1)


def test_a_grey_png_has_a_gamma_too() -> None:
    data = chunked(b"gAMA", struct.pack(">I", 100_000), Image.new("L", (80, 80), 128))
    assert decode(data).picture.getpixel((0, 0)) == pytest.approx((188,) * 3, abs=1)


def test_a_png_that_says_srgb_is_not_asked_for_its_gamma() -> None:
    data = chunked(b"gAMA", struct.pack(">I", 100_000), RED_BLUE)
    srgb = b"\0\0\0\1sRGB\0" + struct.pack(">I", zlib.crc32(b"sRGB\0"))
    assert decode(data[:33] + srgb + data[33:]).picture.getpixel((20, 50)) == (200, 0, 0)


def test_a_broken_profile_does_not_refuse_the_photo() -> None:
    data = encoded(RED_BLUE, "PNG", icc_profile=b"nonsense" * 30)
    assert decode(data).picture.getpixel((20, 50)) == (200, 0, 0)


def test_a_wide_photo_is_converted_on_the_way() -> None:
    picture = Image.new("RGB", (100, 100), (200, 150, 130))
    data = encoded(picture, "PNG", icc_profile=rgb_profile(P3_COLUMNS, SRGB_PARAMETRIC))
    assert decode(data).picture.getpixel((0, 0)) == pytest.approx((209, 148, 127), abs=1)


# --- errors across threads -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ModelFileError", "ModelFileError"),
        ("NoBackendError", "NoBackendError"),
        ("NoSuchModelError", "NoSuchModelError"),
        ("NoSuchBackendError", "NoSuchBackendError"),
        ("SomethingElse", "LentigoError"),
    ],
)
def test_an_error_keeps_its_class_across_a_thread(name: str, kind: str) -> None:
    error = from_wire(name, "what happened", "where")
    assert type(error).__name__ == kind
    assert (error.fault, error.values) == (Fault.IN_OTHER_WORDS, {"what": "what happened"})
    assert "where" in error.detail


def test_a_fault_keeps_its_values_across_a_thread() -> None:
    values: dict[str, str | float] = {"path": "a.bin", "status": 404}
    error = from_wire("ModelFileError", "what happened", "where", "model-file-missing", values)
    assert (error.fault, error.values) == (Fault.MODEL_FILE_MISSING, values)
    assert str(error) == "model-file-missing: path='a.bin', status=404"


@pytest.mark.parametrize(
    ("name", "kind", "fault"),
    [
        ("NotAllowedError", "CameraRefusedError", Fault.CAMERA_REFUSED),
        ("NotFoundError", "CameraAbsentError", Fault.CAMERA_ABSENT),
        ("NotReadableError", "CameraBusyError", Fault.CAMERA_BUSY),
        ("CameraError", "CameraError", Fault.CAMERA_GIVES_NOTHING),
        ("CameraRefusedInAppError", "CameraRefusedInAppError", Fault.CAMERA_REFUSED),
        ("HiddenPixelsError", "HiddenPixelsError", Fault.PIXELS_HIDDEN),
    ],
)
def test_a_camera_error_is_said_in_our_words(name: str, kind: str, fault: Fault) -> None:
    error = from_wire(name, "Permission denied", "a stack")
    assert type(error).__name__ == kind
    assert (error.fault, error.values) == (fault, {})
    assert error.detail == f"{name}: Permission denied"


@pytest.mark.parametrize(
    ("name", "fault", "next_step"),
    [
        ("NotAFileError", Fault.NOT_A_FILE, NextStep.SAVE_FIRST),
        ("FolderError", Fault.FOLDER, NextStep.OPEN_FOLDER),
        ("WebAddressError", Fault.WEB_ADDRESS, NextStep.SAVE_FIRST),
        ("TextError", Fault.TEXT_DROPPED, NextStep.SAVE_FIRST),
        ("UnreadableFileError", Fault.FILE_UNREADABLE, NextStep.CHOOSE_AGAIN),
    ],
)
def test_what_was_dropped_without_a_file_is_said_in_our_words(
    name: str, fault: Fault, next_step: NextStep
) -> None:
    error = from_wire(name, "https://example.org/a.jpg", "")
    assert isinstance(error, PictureError)
    assert (error.fault, error.values, error.next_step) == (fault, {}, next_step)
    assert "example.org" in error.detail
