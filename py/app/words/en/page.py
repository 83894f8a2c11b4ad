"""The page itself, and what its scripts say before and beside Python."""

MESSAGES = {
    # Static words; they stand in `index.html`.
    "page.document-title": "Lentigo: how soon should a doctor see this spot?",
    "page.promise": "Your picture stays on this device",
    "page.title": "How soon should a doctor see this spot?",
    "page.drop": "Drop or paste a photo here",
    "page.open-camera": "Open the camera",
    "page.choose-photo": "Choose a photo",
    "page.capture": "Take the photo",
    "page.stop": "Stop",
    "page.automatic": "Automatic photo",
    "page.voice": "Spoken hints",
    "page.switch": "Other camera",
    "page.torch": "Light",
    "page.asking": (
        "Your browser asks whether Lentigo may use the camera. Nothing is recorded or sent."
    ),
    "page.boot.python": "Starting Python",
    "page.boot.model": "Downloading the model",
    "page.noscript": (
        "Lentigo runs in your browser and needs JavaScript. Nothing is sent anywhere. If you are "
        "worried about a spot, see a doctor."
    ),
    "page.lead": (
        "Take a photo of one spot on your skin. Lentigo compares it with seven kinds of skin "
        "lesion, on your own device, and tells you how soon somebody should look at it."
    ),
    "page.step.close": (
        "<strong>Get close.</strong> One spot, in the middle, in daylight. Hold the phone 20 to "
        "25 cm away and zoom in."
    ),
    "page.step.photo": (
        "<strong>Take the photo.</strong> With the camera here, or choose one that you have."
    ),
    "page.step.priority": (
        "<strong>Read the priority.</strong> From low to urgent, with one next step."
    ),
    "page.aside": (
        "Do not wait for a program if a spot is new and growing, bleeds, does not heal, or "
        "worries you: show it to a doctor. Lentigo was not made for nails, lips, palms or soles, "
        "nor for people under 18, and was tested on few pictures of dark skin."
    ),
    "page.boot.failed": "Lentigo could not start",
    "page.restarted": (
        "Lentigo had to start its program again. Your photo is being looked at once more."
    ),
    "page.analysing": "Analysing the picture …",
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
    "page.backend.starting": "starting",
    "page.label.picture": "Picture",
    "page.label.preview": "Camera preview",
    "page.label.analysed": "The picture that was analysed",
    "page.label.zoom": "Zoom",
    "page.label.python": "Python",
    "page.label.model": "Model",
    "page.label.analysing": "Analysing",
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
    "page.boot.model-progress": (
        "Downloading the model: {loaded, number, ::.0} of {total, number, ::.0} MB"
    ),
    "page.boot.model-preparing": "Preparing the model for this device",
    "page.boot.model-checking": "Checking the model",
    "page.boot.model-ready": "Model ready",
    "page.boot.python-slow": (
        "Still waiting for Python. Is the connection slow? If the spot worries you, show it to a "
        "doctor."
    ),
    "page.boot.python-ready": "Python ready",
    "page.failure.storage": (
        "This browser does not let the page store anything, which Lentigo needs to start. Allow "
        "site data (cookies) for this page, or open it in an ordinary window."
    ),
    "page.failure.browser": (
        "Lentigo cannot run in this browser. Use a current Chrome, Edge, Firefox or Safari."
    ),
    "page.failure.compiler": (
        "Lentigo needs WebAssembly, which this browser lacks or has switched off. Use another "
        "browser, or end its lockdown or strict mode for this page."
    ),
    "page.failure.connection": (
        "A part of Lentigo could not be loaded. Check the connection and reload the page."
    ),
    "page.failure.fault": (
        "Something went wrong while Lentigo was starting. Check the connection and reload the "
        "page. If that does not help, use a current Chrome, Edge, Firefox or Safari."
    ),
    "page.failure.python": (
        "Python could not be started. Check the connection and reload the page. If that does not "
        "help, use a current Chrome, Edge, Firefox or Safari."
    ),
    "page.failure.stopped": "Lentigo’s program has stopped several times. Reload the page.",
    "page.failure.do-not-wait": (
        "If the spot worries you, do not wait for a program: show it to a doctor."
    ),
}
