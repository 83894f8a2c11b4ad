"""A stand-in for the device's own sharing, which headless browsers lack."""

# It takes what a device would hand to other programs.
SHARING = """(outcome) => {
  window.shared = [];
  navigator.canShare = ({ files }) => files.length === 1;
  navigator.share = async ({ files: [file] }) => {
    if (outcome !== 'shared') throw new DOMException('given up', outcome);
    const bytes = new Uint8Array(await file.arrayBuffer());
    window.shared.push([file.name, file.type, String.fromCharCode(...bytes.slice(0, 5))]);
  };
}"""
NO_SHARING = "() => { delete navigator.canShare; delete navigator.share; delete window.shared; }"
DIALOG = "[data-testid=share]"
