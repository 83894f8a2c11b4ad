"""The network in its two forms: PyTorch's module and the released TF.js graph."""
