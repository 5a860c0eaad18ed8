"""Where this folder is on PYTHONPATH, PyTorch makes its tensors on the device that NANPROOF_TESTS_DEVICE names."""

import os

import torch

torch.set_default_device(os.environ["NANPROOF_TESTS_DEVICE"])
