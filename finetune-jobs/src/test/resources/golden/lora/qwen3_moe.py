"""Makes the cases `qwen3-moe-*` and their base models: LoRA on the attention of Qwen3-MoE, computed with PEFT.

Usage: python qwen3_moe.py GOLDEN     (writes GOLDEN/arch/qwen3-moe-* and GOLDEN/lora/qwen3-moe-*)
Needs: torch 2.15.0, transformers 5.23.0, peft 0.21.2, safetensors 0.8.0 (any build of torch; it computes on the processor).

The base models are random and tiny. Their weights are bfloat16 numbers, computed with in float32. The routers stay as they
are; the gradient reaches the attention below through the experts and through the routers' probabilities. Which experts a
token has is a choice without a slope: `smallest_routing_margin` tells how far the last chosen logit was above the first that was
not, so that rounding cannot choose others. The loss is that of the target tokens alone: no auxiliary loss of the
routers, which transformers adds only if `output_router_logits` is set. The routers' softmax is float32 also in the run in
float64.
"""

import json
import math
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, Qwen3MoeConfig

VOCABULARY, HIDDEN, EXPERTS, CHOSEN, LAYERS = 64, 32, 6, 2, 3
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj"]
OPTIMIZER = {
    "lr": 0.01,
    "betas": [0.9, 0.95],
    "eps": 1e-8,
    "weight_decay": 0.01,
    "warmup_steps": 5,
    "steps": 20,
    "max_grad_norm": 1.0,
}
# The first layer of the second model is an ordinary feed-forward block.
CASES = {
    "qwen3-moe-normalised": {"seed": 2, "norm_topk_prob": True, "mlp_only_layers": []},
    "qwen3-moe-plain": {"seed": 1, "norm_topk_prob": False, "mlp_only_layers": [0]},
}


def config(case):
    return Qwen3MoeConfig(
        vocab_size=VOCABULARY,
        hidden_size=HIDDEN,
        intermediate_size=48,
        moe_intermediate_size=16,
        num_experts=EXPERTS,
        num_experts_per_tok=CHOSEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        max_position_embeddings=128,
        norm_topk_prob=case["norm_topk_prob"],
        mlp_only_layers=case["mlp_only_layers"],
        decoder_sparse_step=1,
        tie_word_embeddings=False,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
        attn_implementation="eager",
        experts_implementation="eager",
    )


def base_model(case):
    torch.manual_seed(case["seed"])
    model = AutoModelForCausalLM.from_config(config(case), dtype=torch.float32)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() == 1:
                weight.copy_(1 + 0.2 * torch.randn_like(weight))
            else:
                weight.copy_(torch.randn_like(weight) * (3.0 if "mlp.gate.weight" in name else 1.0) / math.sqrt(weight.shape[-1]))
            weight.copy_(weight.to(torch.bfloat16).to(torch.float32))
    return model


def save_base(model, case, folder):
    """Published checkpoints have a matrix per expert; transformers 5 keeps them stacked."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {}
    for name, weight in model.state_dict().items():
        weight = weight.to(torch.bfloat16)
        if name.endswith("experts.gate_up_proj"):
            for e, both in enumerate(weight):
                gate, up = both.chunk(2)
                prefix = name.removesuffix("gate_up_proj") + str(e)
                tensors[prefix + ".gate_proj.weight"] = gate.contiguous()
                tensors[prefix + ".up_proj.weight"] = up.contiguous()
        elif name.endswith("experts.down_proj"):
            for e, down in enumerate(weight):
                tensors[f"{name.removesuffix('down_proj')}{e}.down_proj.weight"] = down.contiguous()
        else:
            tensors[name] = weight.contiguous()
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    c = model.config
    keys = (
        "hidden_act attention_bias attention_dropout decoder_sparse_step mlp_only_layers norm_topk_prob output_router_logits "
        "bos_token_id eos_token_id pad_token_id vocab_size hidden_size intermediate_size moe_intermediate_size "
        "num_experts_per_tok num_hidden_layers num_attention_heads num_key_value_heads head_dim max_position_embeddings "
        "rms_norm_eps tie_word_embeddings"
    ).split()
    published = {"architectures": ["Qwen3MoeForCausalLM"], "model_type": "qwen3_moe"}
    published |= {key: getattr(c, key) for key in keys}
    published |= {"num_experts": EXPERTS, "rope_theta": c.rope_parameters["rope_theta"], "rope_scaling": None, "torch_dtype": "bfloat16"}
    (folder / "config.json").write_text(json.dumps(published, indent=1) + "\n")


def batches(seed):
    """Two batches of four rows of unequal length; the first third of a row is a prompt without loss."""
    generator = torch.Generator().manual_seed(100 + seed)
    made = []
    for longest in (21, 17):
        ids, mask, labels = [], [], []
        for row in range(4):
            length = longest - (0, 5, 2, 9)[row]
            tokens = [1] + torch.randint(3, VOCABULARY, (length - 2,), generator=generator).tolist() + [2]
            pad, prompt = longest - length, length // 3
            ids.append(tokens + [0] * pad)
            mask.append([1] * length + [0] * pad)
            labels.append([-100] * prompt + tokens[prompt:] + [-100] * pad)
        made.append({"input_ids": ids, "attention_mask": mask, "labels": labels})
    return made


def targets(batch):
    return sum(label >= 0 for row in batch["labels"] for label in row[1:])


def loss(model, batch, rows=slice(None), count=None):
    """Cross-entropies of the target tokens of some rows, divided by the target tokens of the whole batch."""
    ids, mask, labels = (torch.tensor(batch[key][rows]) for key in ("input_ids", "attention_mask", "labels"))
    logits = model(input_ids=ids, attention_mask=mask).logits[:, :-1]
    total = torch.nn.functional.cross_entropy(
        logits.reshape(-1, VOCABULARY), labels[:, 1:].reshape(-1), ignore_index=-100, reduction="sum"
    )
    return total / (count or targets(batch))


def trained(model):
    return {name: p for name, p in model.named_parameters() if p.requires_grad}


def peft_name(name):
    return name.replace(".default", "")


def adapter(model):
    return {peft_name(name): p.detach().clone().contiguous() for name, p in trained(model).items()}


def learning_rate(step):
    lr, warmup, steps = OPTIMIZER["lr"], OPTIMIZER["warmup_steps"], OPTIMIZER["steps"]
    return lr * step / warmup if step < warmup else lr * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup)))


def train(model, data, row_by_row=False):
    parameters = list(trained(model).values())
    optimizer = torch.optim.AdamW(
        parameters, lr=0.0, betas=OPTIMIZER["betas"], eps=OPTIMIZER["eps"], weight_decay=OPTIMIZER["weight_decay"]
    )
    losses, norms, rates = [], [], []
    for step in range(OPTIMIZER["steps"]):
        batch = data[step % 2]
        optimizer.zero_grad()
        pieces = [slice(r, r + 1) for r in range(4)] if row_by_row else [slice(None)]
        total = 0.0
        for rows in pieces:
            piece = loss(model, batch, rows, targets(batch))
            piece.backward()
            total += piece.item()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters, OPTIMIZER["max_grad_norm"]).item())
        rates.append(learning_rate(step))
        for group in optimizer.param_groups:
            group["lr"] = rates[-1]
        optimizer.step()
        losses.append(total)
    return losses, norms, rates


class Margins:
    """The smallest distance between the last chosen expert and the first other one, and how many tokens each expert had."""

    def __init__(self, model):
        self.smallest, self.tokens = math.inf, {}
        for name, module in model.named_modules():
            if type(module).__name__ == "Qwen3MoeTopKRouter":
                module.register_forward_hook(lambda m, i, o, name=name: self.see(name, o[0]))

    def see(self, name, logits):
        ordered = logits.detach().sort(-1, descending=True)
        gap = (ordered.values[:, CHOSEN - 1] - ordered.values[:, CHOSEN]).min().item()
        self.smallest = min(self.smallest, gap)
        for e in ordered.indices[:, :CHOSEN].flatten().tolist():
            self.tokens.setdefault(name, set()).add(e)


def reset(model, initial):
    with torch.no_grad():
        for name, p in trained(model).items():
            p.copy_(initial[peft_name(name)].to(p.dtype))


def probe(model, tokens):
    with torch.no_grad():
        return model(input_ids=torch.tensor([tokens])).logits[0, -4:].to(torch.float32).contiguous()


def write_case(name, case, golden):
    base = base_model(case)
    save_base(base, case, golden / "arch" / name)
    merged_base = {f"model.layers.0.self_attn.{t}.weight": base.model.layers[0].self_attn.get_submodule(t).weight.clone() for t in TARGETS}
    settings = LoraConfig(r=4, lora_alpha=8, target_modules=TARGETS, lora_dropout=0.0, task_type="CAUSAL_LM")
    model = get_peft_model(base, settings)
    model.peft_config["default"].base_model_name_or_path = f"arch/{name}"
    model.train()
    with torch.no_grad():
        for parameter_name, p in trained(model).items():
            p.copy_(torch.randn_like(p) * (0.1 if "lora_B" in parameter_name else 1 / math.sqrt(p.shape[1])))
    initial, folder, data = adapter(model), golden / "lora" / name, batches(case["seed"])
    model.save_pretrained(folder / "adapter_init")
    scale = 8 / 4
    prefix = "base_model.model."
    merged = {}
    for weight_name, weight in merged_base.items():
        stem = prefix + weight_name.removesuffix(".weight")
        merged[weight_name] = (weight + scale * initial[stem + ".lora_B.weight"] @ initial[stem + ".lora_A.weight"]).contiguous()
    tokens = data[0]["input_ids"][0]
    probes = {"tokens": torch.tensor(tokens, dtype=torch.int32), "init.logits_last4": probe(model, tokens)}

    first = loss(model, data[0])
    first.backward()
    gradients = {peft_name(n): p.grad.clone().contiguous() for n, p in trained(model).items()}
    assert all(g.abs().max() > 0 for g in gradients.values())
    norm = math.sqrt(sum((g.double() ** 2).sum().item() for g in gradients.values()))
    for p in trained(model).values():
        p.grad = None

    margins = Margins(model)
    losses, norms, rates = train(model, data)
    final = adapter(model)
    probes["final.logits_last4"] = probe(model, tokens)
    model.save_pretrained(folder / "adapter_final")
    reset(model, initial)
    accumulated, _, _ = train(model, data, row_by_row=True)
    assert margins.smallest > 5e-5, f"rounding could choose other experts ({margins.smallest}): take another seed"
    assert all(len(seen) == EXPERTS for seen in margins.tokens.values()), margins.tokens

    model.double()
    reset(model, initial)
    doubles, _, _ = train(model, data)
    exact = adapter(model)

    for readme in folder.glob("adapter_*/README.md"):
        readme.unlink()  # PEFT's form of a model card
    save_file(gradients, folder / "grads_step0.safetensors")
    save_file(merged, folder / "merged_layer0.safetensors")
    save_file(probes, folder / "probe.safetensors")
    (folder / "batches.json").write_text(json.dumps(data) + "\n")
    result = {
        "base": f"arch/{name}",
        "r": 4,
        "alpha": 8,
        "scale": scale,
        "use_rslora": False,
        "target_modules": TARGETS,
        "dropout": 0.0,
        "optimizer": OPTIMIZER,
        "batch_of_step": "batches[t % 2]",
        "target_tokens": [targets(batch) for batch in data],
        "loss_step0": first.item(),
        "grad_norm_step0": norm,
        "lrs": rates,
        "losses": losses,
        "grad_norms": norms,
        "losses_float64": doubles,
        "losses_grad_accumulation": accumulated,
        "smallest_routing_margin": margins.smallest,
        "max_loss_difference_float32_vs_float64": max(abs(a - b) for a, b in zip(losses, doubles)),
        "max_loss_difference_accumulation": max(abs(a - b) for a, b in zip(losses, accumulated)),
        "max_final_parameter_difference_float32_vs_float64": max((final[n] - exact[n].float()).abs().max().item() for n in final),
    }
    (folder / "golden.json").write_text(json.dumps(result, indent=1) + "\n")
    print(name, *(f"{key}={result[key]}" for key in result if key.startswith(("loss_step0", "smallest", "max_"))))
    print("  ", [round(l, 4) for l in losses])


if __name__ == "__main__":
    torch.set_num_threads(1)
    for case_name, settings_of_case in CASES.items():
        write_case(case_name, settings_of_case, Path(sys.argv[1]))
