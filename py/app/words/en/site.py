"""What both pages say, and the application’s manifest (`manifest.webmanifest`)."""

MESSAGES = {
    "site.framed": ("Lentigo does not run inside another page. Open it in a tab of its own."),
    "site.skip": "Skip to the content",
    "site.disclaimer": (
        "<strong>Research and education only. Not a diagnosis.</strong> Lentigo can miss a "
        "melanoma. If a spot changes or worries you, see a doctor."
    ),
    "site.label.answer": "Answer",
    "site.description": (
        "Looks at a photo of a skin spot on your own device and tells how soon a doctor should "
        "see it. Research and education, never a diagnosis."
    ),
}
