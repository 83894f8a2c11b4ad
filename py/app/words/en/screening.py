"""The screening: the camera’s hints, the answer, the questions, several photos."""

MESSAGES = {
    # The camera.
    "coach.aim": "Fit the spot in the circle",
    "coach.again": "Bring the spot onto the earlier photo",
    "coach.again.with-dermoscope": (
        "Use the dermoscope as last time, or the photos cannot be compared"
    ),
    "coach.again.without-dermoscope": (
        "Take the dermoscope off as last time, or the photos cannot be compared"
    ),
    "coach.again.closer": "A little closer, as last time",
    "coach.again.farther": "A little further away, as last time",
    "coach.again.left": "The spot was further left last time",
    "coach.again.right": "The spot was further right last time",
    "coach.again.up": "The spot was further up last time",
    "coach.again.down": "The spot was further down last time",
    "coach.again.turn": "Turn the phone until the spot lies as last time",
    "coach.again.lighter": "There was more light last time",
    "coach.again.darker": "There was less light last time",
    "coach.good": "Good. Hold still",
    "coach.good.by-hand": "Good. Now press the button",
    "coach.stalled": "The camera has stopped. Wait a moment, or close it and open it again.",
    "coach.checks": "Before the photo",
    "coach.check.light": "Light",
    "coach.check.sharp": "Sharp",
    "coach.check.still": "Still",
    "coach.check.spot": "Spot",
    "coach.check.distance": "Distance",
    "coach.check.clear": "Clear",
    # For the ear.
    "coach.check.passed": "{check}: good",
    "coach.check.failed": "{check}: not good yet",
    "coach.said.opened": "The camera is on. Fit the spot in the circle.",
    "coach.said.hint": "{fault} {hint}.",
    "scores.refused": "No scores for this view yet",
    "scores.none": "No scores yet. Hold the spot in the circle.",
    # An answer.
    "answer.tier.urgent": "Urgent",
    "answer.tier.high": "High priority",
    "answer.tier.medium": "Medium priority",
    "answer.tier.uncertain": "Uncertain",
    "answer.tier.low": "Low priority",
    "answer.eyebrow.live": "Provisional, while you aim",
    "answer.why": "<strong>Why:</strong> {reason}",
    "answer.picture-alone": "The photo alone asks for “{priority}”.",
    "answer.raised": "<strong>Raised by your answers:</strong> {reasons}",
    "answer.outside": "Why Lentigo does not judge this spot",
    "answer.outside.item": "<strong>{title}:</strong> {next_step}",
    "answer.refused": "This photo cannot be judged",
    "answer.warnings": "For a better photo",
    "answer.compared": "How Lentigo compared it",
    "answer.scores": "What the photo is most like",
    "answer.scores.note": (
        "Scores between seven kinds of spot, as if all were equally common. They are not your "
        "chance of having a disease."
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
    "answer.offer.title": "These photos are not clear enough",
    "answer.offer.text": (
        "Choose a photo that you have, or ask somebody to take one for you in daylight. You do not "
        "need a photo to see a doctor: show them the spot."
    ),
    "answer.problem": "Problem",
    "modality.camera": "Judged as a photo from a camera or phone.",
    "modality.dermoscopic": "Judged as a photo through a dermoscope.",
    "modality.unsure": (
        "It is not clear how the photo was taken, so the more careful limits hold."
    ),
    "modality.question": "Was this taken with a dermoscope (a doctor’s skin magnifier)?",
    "modality.dermoscopic.choice": "Yes",
    "modality.camera.choice": "No",
    "activation.show": "Show where Lentigo looked",
    "activation.legend": "Brighter: more like {diagnosis}.",
    "activation.caveat": (
        "It shows where Lentigo looked, not why, and not where the spot begins or ends."
    ),
    # What comes next.
    "next.reload": "Reload the page",
    "next.retake.photo": "Choose another photo",
    "next.retake.capture": "Take another photo",
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
    # For the ear: how it stands with a photo, and its name.
    "row.tile.aloud": "{standing}, photo {name}",
    # The questions.
    "questions.summary": (
        "A photo cannot show everything: {count, plural, =0 {answer a few questions} one {# answer "
        "counts} other {# answers count}}"
    ),
    "questions.note": (
        "Your answers stay on this device. They can only raise the priority, never lower it."
    ),
    "questions.first": "Tick everything that applies",
    "questions.more": "More questions",
    "questions.spot": "About the spot",
    "questions.person": "About you",
    "questions.more-person": "More about you",
    "questions.place": "About the place and the photo",
    "questions.body-site": "Where is it?",
    "questions.skin-type": "How does the skin take the sun?",
    "questions.no-answer": "No answer",
    "questions.show": "Show my answer",
    "questions.forget": "Clear my answers",
    "questions.meanings": "What these mean",
    "questions.kept": "Your answers about this spot were kept.",
    # For a screen reader, when something changes.
    "said.ready": "Ready.",
    "said.analysing": "Looking at the photo.",
    "said.analysing-row": (
        "{count, plural, one {# photo is looked at.} other {# photos are looked at, one after the "
        "other.}}"
    ),
    "said.priority": "{title}. {action}. {next_step}",
    "said.priority-changed": "Now: {title}. {action}.",
    "said.most-severe": "The most severe of your photos.",
    "said.no-answer": "No answer.",
    "said.answers-cleared": "Your answers are cleared.",
    "said.picture-alone": "The photo alone is shown again.",
    # What the model runs on.
    "backend.name": (
        "{backend, select, webgpu {WebGPU (graphics card)} webgl {WebGL (graphics card)} wasm "
        "{WebAssembly (processor)} cpu {JavaScript (processor, slow)} other {{backend}}}"
    ),
    "backend.none": "no engine yet",
    "backend.running": "{backend}, {variant} weights",
    "backend.running-on": "{backend}, {adapter}, {variant} weights",
}
