"""The Lab."""

MESSAGES = {
    # Static words; they stand in `lab.html`.
    "lab.document-title": "Lentigo Lab: how fast is Lentigo on this device?",
    "lab.promise": "The numbers stay on this device",
    "lab.back": "Back to Lentigo",
    "lab.title": "How fast is Lentigo on this device?",
    "lab.lead": (
        "Lentigo’s model comes in a larger and a smaller (quantised) version. The Lab measures "
        "both on this device: how much is downloaded, how soon an answer comes, and whether the "
        "answers are the same. It uses drawn test pictures only, no photo of yours."
    ),
    "lab.boot.failed": "The Lab could not start",
    "lab.start": "Measure",
    "lab.stop": "Stop",
    "lab.save": "Save as JSON",
    "lab.forced": (
        "Also measure software and slow graphics, which the app would not choose (may take minutes)"
    ),
    "lab.noscript": "The Lab needs JavaScript.",
    "lab.explained": "What is measured, and how",
    "lab.column.download": "Download",
    "lab.column.load": "Load",
    "lab.column.first": "First answer",
    "lab.column.steady": "Steady",
    "lab.column.agreement": "Agreement",
    "lab.explained.download": (
        "The size of the model’s files. Below it, what came over the network this time: nothing "
        "where your browser had kept them. From your second visit on, a service worker stands "
        "between, and the browser no longer says."
    ),
    "lab.explained.load": (
        "From asking for the model until it is compiled: downloading, checking, starting the "
        "backend. The first measurement on a backend also loads that backend’s own program, so "
        "compare loads with care."
    ),
    "lab.explained.first": "The first picture after that.",
    "lab.explained.steady": (
        "The median of up to 20 more pictures, after a warm-up; fewer where they take long. Below "
        "it how many, and their range without the fastest and slowest tenth. The two that decide "
        "the answer on top are measured once more at the end, in reverse order."
    ),
    "lab.explained.agreement": (
        "With the answers of the unquantised model in PyTorch, for the same test pictures: how "
        "often the top class is the same, and the largest difference of any probability, in "
        "percentage points."
    ),
    "lab.explained.saved": (
        "Close other pages and plug the device in for steady numbers. The saved file names your "
        "browser, its graphics adapter, the number of processor cores and every single "
        "measurement, and holds no picture. It is only saved on your device; whether you send it "
        "to us is up to you. It helps most from a device with a graphics card or a phone, where "
        "WebGPU has a row: we have measured it in software only."
    ),
    "lab.label.progress": "Progress",
    "lab.description": (
        "Measures Lentigo’s model on your own device: how much it downloads, how fast it answers, "
        "and whether the small weights answer alike."
    ),
    # What scripts say.
    "lab.start.again": "Measure again",
    "lab.column.subject": "Backend and weights",
    "lab.subject": (
        "{backend, select, webgpu {WebGPU} webgl {WebGL} wasm {WebAssembly} cpu {JavaScript} "
        "other {{backend}}}, {variant}"
    ),
    "lab.label.measurements": "Measurements",
    "lab.number": "{value, number, ::.}",
    "lab.number.fine": "{value, number, ::.0}",
    "lab.milliseconds": "{value, number, ::.} ms",
    "lab.milliseconds.fine": "{value, number, ::.0} ms",
    "lab.megabytes": "{value, number, ::.0} MB",
    "lab.points": "{value, number, ::.00} points",
    "lab.points.fine": "{value, number, ::.000} points",
    "lab.source.unknown": "from network or cache: not known",
    "lab.source.kept": "kept by the browser",
    "lab.source.network": "{size} over the network",
    "lab.steady": "{answers, plural, one {# answer} other {# answers}}, {low} to {high} ms",
    "lab.agreement": "{same, number} of {pictures, number}",
    "lab.gpu": (
        "one picture: {dispatches, plural, one {# dispatch} other {# dispatches}} in {passes, "
        "plural, one {# pass} other {# passes}}, submitted {submits, plural, one {once} other {# "
        "times}}"
    ),
    "lab.gpu.timed": "{counted}, {time} on the GPU",
    "lab.off-by": "off by {points}",
    "lab.not-measured": "Not measured: {reason}",
    "lab.plot": (
        "Steady time for an answer: shorter is better. The thin line leaves out the fastest and "
        "slowest tenth."
    ),
    "lab.progress": "{index, number} of {count, number}: {subject}",
    "lab.progress.again": "Once more: {subject}",
    "lab.progress.stage": "{title}, {stage} …",
    "lab.progress.pictures": "Loading the test pictures …",
    "lab.stage.starting": "starting the engine",
    "lab.stage.loading": "loading",
    "lab.stage.compiling": "compiling",
    "lab.stage.checking": "checking the answers",
    "lab.stage.measuring": "measuring",
    "lab.reason.silent": "the engine said nothing for {seconds, number} s",
    "lab.reason.stopped-with": "the engine’s program stopped: {message}",
    "lab.reason.not-loaded": "the engine’s program stopped: it could not be loaded",
    "lab.reason.not-tested": "the engine has not tested itself",
    "lab.reason.stopped": "stopped",
    "lab.said.stopped": "Stopped.",
    "lab.said.done": "Done.",
    "lab.failure": "The Lab cannot start. {reason} Check the connection and try again.",
    "lab.finding": (
        "{gains, select, both {Yes: a smaller download and faster answers} download {Yes: a "
        "smaller download} speed {Yes: faster answers} other {No gain here}}{losses, select, both "
        "{, but slower answers and other answers} speed {, but slower answers} answers {, but "
        "other answers} other {}}{pace, select, same {, at the same speed} other {}}."
    ),
    "lab.finding.download": (
        "{small} is {percent, number, ::.}% of the download of {usual}: {ours} instead of {theirs}."
    ),
    "lab.finding.speed": (
        "{pace, select, same {An answer takes as long} faster {An answer comes sooner} other {An "
        "answer takes longer}} on {backend, select, webgpu {WebGPU} webgl {WebGL} wasm "
        "{WebAssembly} cpu {JavaScript} other {{backend}}}: {ours} with {small}, {theirs} with "
        "{usual}{pace, select, same {, which is within the spread} other {}}."
    ),
    "lab.finding.agreement": (
        "{small} gives the reference’s top class for {same, number} of {pictures, plural, one {# "
        "test picture} other {# test pictures}}; no probability is off by more than {points}."
    ),
}
