"""The sentence encoder: a small transformer that reads a passage with its context, built offline and run by ONNX Runtime.

Running needs ``runtime`` alone (onnxruntime, numpy). Building needs the optional extra ``encoder`` (torch, onnx):
``weights`` reads the pinned starting weights, ``network`` is their architecture, ``finetune`` teaches it on the labelled
corpus, ``export`` writes the quantised file; ``python -m models.encoder`` does all of it.
"""
