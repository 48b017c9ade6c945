"""A base model of nobody's: a few million random weights, and a tokenizer trained on the rows.

It is for trying the whole way without a download: what it writes is worth nothing.

Runs in a command's process.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shaperotator_magic.learning.training.plan import Plan

__all__ = ["CHAT_TEMPLATE", "build_tiny"]

_WORDS = 4096
_END, _START, _STOP = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def build_tiny(folder: Path, rows: list[dict[str, Any]], plan: Plan) -> Path:
    """Write a tiny model and its tokenizer into a folder, unless it is there; return it."""
    if folder.is_dir():
        return folder
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    torch.manual_seed(plan.seed)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=_train_tokenizer(list(list_texts(rows))),
        eos_token=_STOP,
        pad_token=_END,
        chat_template=CHAT_TEMPLATE,
        model_max_length=plan.longest,
    )
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=256,
        intermediate_size=704,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=plan.longest,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}.unfinished")
    try:
        LlamaForCausalLM(config).save_pretrained(unfinished)
        tokenizer.save_pretrained(unfinished)
        unfinished.replace(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _train_tokenizer(texts: list[str]) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_WORDS,
        special_tokens=[_END, _START, _STOP],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def list_texts(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the text of every message of the rows."""
    for row in rows:
        for name in ("prompt", "completion", "chosen", "rejected"):
            for message in row.get(name, ()):
                yield message["content"]
