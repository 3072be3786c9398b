"""The programs behind `python -m llama_ctypes`, built on the binding; the binding never imports them.

command_line  reads the arguments, runs one command, prints errors
info          prints what is installed and what a model will run on
complete      continues a text
chat          holds a conversation
template      the model's chat template, or one of llama.cpp's
session       the model, context and sampler that complete and chat share
streams       standard streams that are closed, full or lost
rpc_server    lends a device to another machine, and runs a model on such servers
"""
