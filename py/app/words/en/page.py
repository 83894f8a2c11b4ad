"""The page itself, and what its scripts say before and beside Python."""

MESSAGES = {
    # Static words; they stand in `index.html`.
    "page.document-title": "Lentigo: how soon should a doctor see this spot?",
    "page.promise": "Your photo stays on this device. Try it in flight mode",
    "page.title": "How soon should a doctor see this spot?",
    "page.drop": "Drop or paste a photo here",
    "page.open-camera": "Open the camera",
    "page.choose-photo": "Choose a photo",
    "page.capture": "Take the photo",
    "page.stop": "Close camera",
    "page.automatic": "Automatic photo",
    "page.voice": "Spoken hints",
    "page.scores": "Live scores",
    "page.switch": "Other camera",
    "page.torch": "Light",
    "page.ghost": "Earlier photo",
    "page.before-camera": ("Your browser will ask to use the camera. Nothing is recorded or sent."),
    "page.asking": (
        "Your browser asks whether Lentigo may use the camera. Nothing is recorded or sent."
    ),
    "page.boot": "Getting ready. You can take your photo now.",
    "page.noscript": (
        "Lentigo runs in your browser and needs JavaScript. Nothing is sent anywhere. If you are "
        "worried about a spot, see a doctor."
    ),
    "page.lead": (
        "Take a photo of one spot on your skin. Lentigo compares it with seven kinds of spot and "
        "tells you how soon a doctor should see it."
    ),
    "page.step.close": (
        "<strong>Get close.</strong> One spot, in the middle, in daylight. Hold the phone 20 to "
        "25 cm away and zoom in."
    ),
    "page.step.photo": (
        "<strong>Take the photo.</strong> With the camera here, or choose one that you have."
    ),
    "page.step.answer": (
        "<strong>Read the answer.</strong> How soon to see a doctor, and the one thing to do next."
    ),
    "page.straight": (
        "<strong>Go straight to a doctor</strong> if the spot is new and growing, bleeds or does "
        "not heal."
    ),
    "page.not-for": (
        "<strong>Not for</strong> nails, lips, mouth, genitals, palms, soles, tattoos or scars, "
        "nor for anyone under 18. Tested on few photos of dark skin."
    ),
    "page.boot.failed": "Lentigo could not start",
    "page.restarted": ("Lentigo had to start again. Your photo is being looked at once more."),
    "page.analysing": "Looking at your photo …",
    "page.facts.title": "How well does it work?",
    "page.facts.back": "Back to the picture",
    "page.tables.title": "All figures",
    "page.tables.back": "Back to the short version",
    "page.tables.document-title": "Lentigo: all figures",
    "page.purpose.title": "What it is for",
    "page.purpose.what": (
        "Lentigo looks at a photo of one spot on the skin of an adult and says how soon a doctor "
        "should see it. It is for research and teaching, and for whoever wants to try at home what "
        "a small program can tell from a photo, and what it cannot."
    ),
    "page.purpose.not-a-device": (
        "<strong>It is not an approved medical device.</strong> It gives no diagnosis, and no "
        "answer of it takes the place of a doctor."
    ),
    "page.purpose.not-for": (
        "It is not for people under 18. It is not for nails, lips, mouth, eyes, genitals, palms or "
        "soles, nor for spots in a tattoo or a scar, under hair, or several at once. It was tested "
        "on few pictures of dark skin."
    ),
    "page.maker.title": "Who made this",
    "page.maker.who": (
        "The Lentigo project. The program is open source (Apache-2.0): anybody can read how it "
        "works, and check it."
    ),
    "page.maker.reach": "Questions, mistakes",
    "page.maker.version": "Version",
    "page.maker.date": "Date",
    "page.facts.noscript": "Lentigo needs JavaScript to show its figures.",
    "page.to-lab": "How fast is it on this device? Measure it in the Lab.",
    "page.update": "A new version is ready.",
    "page.update.now": "Reload now",
    "page.update.later": "Later",
    "page.update.loss": "Reloading clears your photos and answers.",
    "page.another-spot": "Check another spot",
    "page.backend.starting": "starting",
    "page.share.title": "Your report is ready",
    "page.share.note": "Once shared, this file is no longer only on your device.",
    "page.share.now": "Share",
    "page.share.save": "Save as a file",
    "page.share.close": "Close",
    "page.label.picture": "Picture",
    "page.label.preview": "Camera preview",
    "page.label.analysed": "The photo that Lentigo looked at",
    "page.label.zoom": "Zoom",
    "page.label.ready": "Getting ready",
    "page.label.analysing": "Looking at your photo",
    "page.description": (
        "Lentigo looks at a photo of a skin spot on your own device and tells how soon a doctor "
        "should see it. Research and education, never a diagnosis."
    ),
    "page.facts.document-title": "Lentigo: how well does it work?",
    "page.facts.coming": (
        "The figures come with the model and are shown as soon as it is here. If it does not "
        "come, {first_page} says why."
    ),
    "page.facts.coming.first-page": "the first page",
    # What scripts say.
    "page.boot.progress": (
        "Getting ready: {loaded, number, ::.} of {total, number, ::.} MB. You can take your photo "
        "now."
    ),
    "page.boot.almost": "Almost ready. You can take your photo now.",
    "page.boot.slow": (
        "This takes longer than usual. Is the connection slow? If the spot worries you, see a "
        "doctor without waiting."
    ),
    "page.failure.storage": (
        "This browser does not let the page store anything, which Lentigo needs to start. Allow "
        "site data (cookies) for this page, or open it in an ordinary window."
    ),
    "page.failure.browser": (
        "This browser is too old for Lentigo. It needs Chrome or Edge 110, Firefox 115 or Safari "
        "16.4, or a newer one. On an iPhone or iPad update iOS: Settings, General, Software Update."
    ),
    "page.failure.compiler": (
        "This browser has no WebAssembly, which Lentigo needs. On an iPhone, iPad or Mac, Lockdown "
        "Mode switches it off: switch that mode off for this page, or use another device. In any "
        "other browser, end its strict mode for this page, or update it."
    ),
    "page.failure.connection": (
        "A part of Lentigo could not be loaded. Check the connection and reload the page."
    ),
    "page.failure.fault": (
        "Something went wrong while Lentigo was starting. Check the connection and reload the "
        "page. If that does not help, update this browser (on an iPhone or iPad: update iOS)."
    ),
    "page.failure.stopped": "Lentigo has stopped several times. Reload the page.",
    "page.failure.do-not-wait": "If the spot worries you, see a doctor without waiting.",
    # Kept spots.
    "page.label.more": "More",
    "page.spots.title": "My spots",
    "page.spots.document-title": "Lentigo: my spots",
    "page.kept.back": "Check a spot",
    "page.kept.noscript": "Lentigo needs JavaScript to keep spots.",
    "page.spot.title": "One spot",
    "page.spot.document-title": "Lentigo: one spot",
    "page.spot.back": "Back to my spots",
    "page.compare.title": "Compare photos",
    "page.compare.document-title": "Lentigo: compare photos",
    "page.map.title": "Body map",
    "page.map.document-title": "Lentigo: body map",
    "page.settings.title": "Settings",
    "page.settings.document-title": "Lentigo: settings",
    "page.erase.title": "Delete all spots and photos?",
    "page.erase.note": "This cannot be undone. Only a backup brings them back.",
    "page.erase.keep": "Keep them",
    "page.erase.delete": "Delete everything",
}
