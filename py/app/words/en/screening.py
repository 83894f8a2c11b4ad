"""The screening: the camera’s hints, the answer, the questions, several photos."""

MESSAGES = {
    # The camera.
    "coach.rate": ("{rate, number, ::.} answers a second, {inference_ms, number, ::.} ms each"),
    "coach.checks": "Before the photo",
    "coach.check.light": "Light",
    "coach.check.sharp": "Sharp",
    "coach.check.still": "Still",
    "coach.check.spot": "Spot",
    "coach.check.distance": "Distance",
    "coach.check.clear": "Clear",
    # For the ear, after the name of a check.
    "coach.check.failed": ": not yet",
    "coach.check.open": ": cannot be told yet",
    "coach.said.opened": "The camera is on. Bring the spot into the frame.",
    "coach.said.stalled": "The camera gives no new pictures.",
    "coach.said.hint": "{fault} {hint}.",
    "coach.said.good": "Good. Hold still.",
    "live.stalled.title": "The camera has stopped",
    "live.stalled.text": ("It gives no new pictures. Wait a moment, or stop it and open it again."),
    "live.looking.title": "Looking …",
    "live.looking.text": "Hold the spot in the frame.",
    "live.refused": "No answer for this view yet",
    # An answer.
    "answer.eyebrow": "Medical priority",
    "answer.eyebrow.live": "Provisional, while you aim",
    "answer.why": "<strong>Why:</strong> {reason}",
    "answer.picture-alone": "The picture alone asks for “{priority}”.",
    "answer.raised": "<strong>Raised by your answers:</strong> {reasons}",
    "answer.ask": "The camera cannot see everything: does it grow, bleed, itch?",
    "answer.ask.button": "A few questions",
    "answer.outside": "Lentigo does not judge this one",
    "answer.outside.item": "<strong>{title}:</strong> {next_step}",
    "answer.refused": "This picture cannot be judged",
    "answer.warnings": "What would make the picture better",
    "answer.scores": "What the picture is most like",
    "answer.scores.note": (
        "Scores of the model between seven classes, as if all were equally common. They are not "
        "your chance of having a disease."
    ),
    "answer.latency": (
        "Computed on this device with {backend}: picture {preprocess_ms, number, ::.} ms, model "
        "{inference_ms, number, ::.} ms, {total_ms, number, ::.} ms in all."
    ),
    "answer.latency.live": (
        "Computed on this device with {backend}: picture {preprocess_ms, number, ::.} ms, model "
        "{inference_ms, number, ::.} ms, {total_ms, number, ::.} ms in all, "
        "{rate, number, ::.0} answers a second."
    ),
    "answer.offer.title": "It does not work out with these pictures",
    "answer.offer.text": (
        "Choose a photo that you have, or ask somebody to take one for you in daylight. You do not "
        "need a photo to see a doctor: show them the spot."
    ),
    "answer.problem": "Problem",
    "modality.camera": "Taken as a camera picture.",
    "modality.dermoscopic": "Taken as a picture through a dermoscope.",
    "modality.unsure": (
        "It is not clear how the picture was taken, so the more careful limits hold."
    ),
    "modality.question": "How was it taken?",
    "modality.camera.choice": "Camera or phone",
    "modality.dermoscopic.choice": "Dermoscope",
    "activation.show": "Show what the answer rests on",
    "activation.legend": "Brighter: more like {diagnosis}.",
    "activation.caveat": (
        "It shows where the model looked, not why, and not where the spot begins or ends."
    ),
    # What comes next.
    "next.reload": "Reload the page",
    "next.retake": "Take it again",
    "next.choose": "Another spot",
    "next.add": "Add another spot",
    "next.start-again": "Start again",
    # Several photos.
    "row.label": "Your photos",
    "row.judged": (
        "<strong>{count, plural, one {# photo} other {# photos}}</strong>, most severe first. Each "
        "is taken as a spot of its own."
    ),
    "row.working": (
        "<strong>{count, plural, one {# photo} other {# photos}}</strong>, {done, number} looked "
        "at so far. The most severe opens when all are done."
    ),
    "row.forget.question": (
        "{count, plural, one {Forget the photo and your answers about it?} other {Forget all # "
        "photos and your answers about them?}}"
    ),
    "row.forget.no": "Keep them",
    "row.forget.yes": "Forget them",
    "row.tile.in-hand": "Looking …",
    "row.tile.waiting": "Waiting",
    "row.tile.no-answer": "No answer",
    # For the ear, after what the tile of a photo says.
    "row.tile.name": ", {name}",
    # The questions.
    "questions.summary": (
        "What the camera cannot see: {count, plural, =0 {a few questions} one {# answer counts} "
        "other {# answers count}}"
    ),
    "questions.note": (
        "Tick what is true. Your answers stay on this device, and can only raise the priority."
    ),
    "questions.spot": "The spot",
    "questions.person": "The person",
    "questions.place": "The place",
    "questions.body-site": "Where is it?",
    "questions.skin-type": "How does the skin take the sun?",
    "questions.no-answer": "No answer",
    "questions.forget": "Forget my answers",
    "questions.meanings": "What these mean",
    "questions.kept": "Your answers about this spot were kept.",
    # For a screen reader, when something changes.
    "said.ready": "Ready.",
    "said.analysing": "Analysing the picture.",
    "said.analysing-row": (
        "{count, plural, one {# photo is looked at.} other {# photos are looked at, one after the "
        "other.}}"
    ),
    "said.priority": "Priority: {title}. {time_frame}. {next_step}",
    "said.most-severe": "The most severe of your photos.",
    "said.no-answer": "No answer.",
    "said.answers-noted": "Your answers are noted.",
    "said.picture-alone": "The picture alone is shown again.",
    # What the model runs on.
    "backend.name": (
        "{backend, select, webgpu {WebGPU (graphics card)} webgl {WebGL (graphics card)} wasm "
        "{WebAssembly (processor)} cpu {JavaScript (processor, slow)} other {{backend}}}"
    ),
    "backend.none": "no engine yet",
    "backend.running": "{backend}, {variant} weights",
    "backend.running-on": "{backend}, {adapter}, {variant} weights",
}
