"""Attacks of public libraries, each with the settings of the paper or library that it stands for.

An attack takes images [N, 1, 28, 28] in [0, 1] and their true labels, and returns images. Those with a budget stay
within ε; those without one look for the smallest change and do not know ε. Where several libraries have an attack,
the first one of the catalogue stands for it; another is named as in `apgd-ce@adv-lib`. Libraries are imported when
they are asked for.
"""

import importlib
import importlib.metadata
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import torch
from torch import Tensor, nn

LABELS = 10
# What a library is called by pip, and which of its modules hold what is used here.
LIBRARIES = {
    "torchattacks": ("torchattacks", "torchattacks"),
    "adv-lib": ("adv-lib", "adv_lib.attacks"),
    "foolbox": ("foolbox", "foolbox"),
    "art": ("adversarial-robustness-toolbox", "art.attacks.evasion"),
    # AutoAttack by its authors.
    "autoattack": ("pyautoattack", "pyautoattack.autopgd_base"),
}
Attack = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Budget:
    norm: str
    epsilon: float
    steps: int
    seed: int

    @property
    def order(self) -> float:
        return math.inf if self.norm == "linf" else 2

    @property
    def name(self) -> str:
        return "Linf" if self.norm == "linf" else "L2"


# From a library's module, a classifier and a budget.
Maker = Callable[[ModuleType, nn.Module, Budget], Attack]


@dataclass(frozen=True)
class ReferenceAttack:
    """`steps` are the usual ones, 1 where there can be no more; `settings` may name them as {steps}."""

    attack: str
    library: str
    steps: int
    settings: str
    make: Maker
    norms: tuple[str, ...] = ("linf", "l2")
    is_minimum_norm: bool = False

    @property
    def version(self) -> str:
        return importlib.metadata.version(LIBRARIES[self.library][0])

    def steps_of(self, asked: int | None) -> int:
        return asked if asked is not None and self.steps > 1 else self.steps

    def prepare(self, model: nn.Module, budget: Budget) -> Attack:
        """The attack, ready to be called; raises ImportError where the library is missing."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = importlib.import_module(LIBRARIES[self.library][1])
        return self.make(module, model, budget)


# --- torchattacks ---------------------------------------------------------------------------------


def ta_pgd(ta: ModuleType, model: nn.Module, b: Budget) -> Attack:
    kind = ta.PGD if b.norm == "linf" else ta.PGDL2
    return kind(model, eps=b.epsilon, alpha=2.5 * b.epsilon / b.steps, steps=b.steps, random_start=True)


def ta_apgd(loss: str) -> Maker:
    return lambda ta, model, b: ta.APGD(
        model, norm=b.name, eps=b.epsilon, steps=b.steps, n_restarts=1, seed=b.seed, loss=loss
    )


def ta_apgd_targeted(ta: ModuleType, model: nn.Module, b: Budget) -> Attack:
    return ta.APGDT(model, norm=b.name, eps=b.epsilon, steps=b.steps, seed=b.seed, n_classes=LABELS)


def ta_fab_targeted(ta: ModuleType, model: nn.Module, b: Budget) -> Attack:
    return ta.FAB(
        model, norm=b.name, eps=b.epsilon, steps=b.steps, seed=b.seed, multi_targeted=True, n_classes=LABELS
    )


def ta_square(ta: ModuleType, model: nn.Module, b: Budget) -> Attack:
    return ta.Square(model, norm=b.name, eps=b.epsilon, n_queries=b.steps, seed=b.seed)


def ta_autoattack(ta: ModuleType, model: nn.Module, b: Budget) -> Attack:
    """AutoAttack's standard version from its parts: torchattacks.AutoAttack itself takes 10 steps, not 100."""
    square = Budget(b.norm, b.epsilon, 50 * b.steps, b.seed)
    parts = [ta_apgd("ce")(ta, model, b), ta_apgd_targeted(ta, model, b), ta_fab_targeted(ta, model, b)]
    return ta.MultiAttack([*parts, ta_square(ta, model, square)])


# --- Foolbox --------------------------------------------------------------------------------------


def foolbox(name: str, *, relative_step: float | None = None, **options: float) -> Maker:
    """Foolbox's attack of this name, with {norm} for the norm; `relative_step` × ε / steps is the step size."""

    def make(fb: ModuleType, model: nn.Module, b: Budget) -> Attack:
        steps = {} if b.steps == 1 else {"steps": b.steps}
        step_size = {} if relative_step is None else {"rel_stepsize": relative_step / b.steps}
        attack = getattr(fb.attacks, name.format(norm=b.name))(**steps, **step_size, **options)
        fixed = isinstance(attack, fb.attacks.base.FixedEpsilonAttack)
        foolbox_model = fb.PyTorchModel(model, bounds=(0, 1))
        return lambda x, y: attack(foolbox_model, x, y, epsilons=b.epsilon if fixed else None)[1]

    return make


def foolbox_fmn(fb: ModuleType, model: nn.Module, b: Budget) -> Attack:
    return foolbox("LInfFMNAttack" if b.norm == "linf" else "L2FMNAttack")(fb, model, b)


# --- adv-lib --------------------------------------------------------------------------------------


def adv_lib(name: str, options: Callable[[Budget], dict]) -> Maker:
    return lambda al, model, b: lambda x, y: getattr(al, name)(model, x, y, **options(b)).detach()


# --- ART ------------------------------------------------------------------------------------------


def art(name: str, options: Callable[[Budget], dict]) -> Maker:
    def make(evasion: ModuleType, model: nn.Module, b: Budget) -> Attack:
        classification = importlib.import_module("art.estimators.classification")
        estimator = classification.PyTorchClassifier(
            model, loss=nn.CrossEntropyLoss(), input_shape=(1, 28, 28), nb_classes=LABELS, clip_values=(0.0, 1.0)
        )
        attack = getattr(evasion, name)(estimator, norm=b.order, eps=b.epsilon, batch_size=500, **options(b))
        return lambda x, y: torch.from_numpy(attack.generate(x.numpy(), y.numpy()))

    return make


def art_apgd(loss: str) -> Maker:
    return art(
        "AutoProjectedGradientDescent",
        lambda b: dict(
            max_iter=b.steps, eps_step=2 * b.epsilon, nb_random_init=1, loss_type=loss, verbose=False
        ),
    )


# --- AutoAttack -----------------------------------------------------------------------------------


def authors_apgd(loss: str) -> Maker:
    def make(aa: ModuleType, model: nn.Module, b: Budget) -> Attack:
        attack = aa.APGDAttack(
            model, n_iter=b.steps, norm=b.name, n_restarts=1, eps=b.epsilon, seed=b.seed, loss=loss, device="cpu"
        )
        return lambda x, y: attack.perturb(x, y)

    return make


# --- the catalogue --------------------------------------------------------------------------------

LINF, L2 = ("linf",), ("l2",)
APGD = "{steps} steps, 1 restart"
PGD = "{steps} steps of 2.5 ε / {steps}, random start"
BIM = "{steps} steps of ε / {steps}"
MOMENTUM = "{steps} steps of ε / {steps}, decay 1"
TARGETS = "{steps} steps, 9 targets, 1 restart"
# The usual rate of 0.01 is for 10,000 steps: black pixels start where tanh is flat.
CW = "{steps} steps × 9 searches, rate 0.05, c from 0.1"
DEEPFOOL = "at most {steps} steps, overshoot 0.02"

CATALOGUE = (
    ReferenceAttack("fgsm", "torchattacks", 1, "1 step", lambda ta, m, b: ta.FGSM(m, eps=b.epsilon), LINF),
    ReferenceAttack("fgsm", "foolbox", 1, "1 step", foolbox("{norm}FastGradientAttack")),
    ReferenceAttack("fgsm", "art", 1, "1 step", art("FastGradientMethod", lambda b: {})),
    ReferenceAttack(
        *("bim", "torchattacks", 10, BIM),
        lambda ta, m, b: ta.BIM(m, eps=b.epsilon, alpha=b.epsilon / b.steps, steps=b.steps),
        LINF,
    ),
    ReferenceAttack("bim", "foolbox", 10, BIM, foolbox("{norm}BasicIterativeAttack", relative_step=1)),
    ReferenceAttack("pgd", "torchattacks", 40, f"{PGD}, last iterate", ta_pgd),
    ReferenceAttack("pgd", "foolbox", 40, f"{PGD}, last iterate", foolbox("{norm}PGD", relative_step=2.5)),
    ReferenceAttack(
        *("pgd", "adv-lib", 40, f"{PGD}, any iterate but the last"),
        adv_lib("pgd_linf", lambda b: dict(ε=b.epsilon, steps=b.steps, relative_step_size=2.5 / b.steps)),
        LINF,
    ),
    ReferenceAttack(
        *("pgd", "art", 40, f"{PGD}, last iterate"),
        art(
            "ProjectedGradientDescent",
            lambda b: dict(
                eps_step=2.5 * b.epsilon / b.steps, max_iter=b.steps, num_random_init=1, verbose=False
            ),
        ),
    ),
    ReferenceAttack(
        *("mifgsm", "torchattacks", 10, MOMENTUM),
        lambda ta, m, b: ta.MIFGSM(m, eps=b.epsilon, alpha=b.epsilon / b.steps, steps=b.steps, decay=1),
        LINF,
    ),
    ReferenceAttack(
        *("mifgsm", "foolbox", 10, MOMENTUM),
        foolbox("{norm}MomentumIterativeFastGradientMethod", relative_step=1, momentum=1.0),
    ),
    ReferenceAttack(
        *("mifgsm", "art", 10, MOMENTUM),
        art(
            "MomentumIterativeMethod",
            lambda b: dict(eps_step=b.epsilon / b.steps, max_iter=b.steps, decay=1.0, verbose=False),
        ),
    ),
    ReferenceAttack("apgd-ce", "torchattacks", 100, APGD, ta_apgd("ce")),
    ReferenceAttack(
        *("apgd-ce", "adv-lib", 100, APGD),
        adv_lib("apgd", lambda b: dict(eps=b.epsilon, norm=b.order, n_iter=b.steps, loss_function="ce")),
    ),
    ReferenceAttack("apgd-ce", "autoattack", 100, APGD, authors_apgd("ce")),
    ReferenceAttack("apgd-ce", "art", 100, APGD, art_apgd("cross_entropy")),
    ReferenceAttack("apgd-dlr", "torchattacks", 100, APGD, ta_apgd("dlr")),
    ReferenceAttack(
        *("apgd-dlr", "adv-lib", 100, APGD),
        adv_lib("apgd", lambda b: dict(eps=b.epsilon, norm=b.order, n_iter=b.steps, loss_function="dlr")),
    ),
    ReferenceAttack("apgd-dlr", "autoattack", 100, APGD, authors_apgd("dlr")),
    ReferenceAttack("apgd-dlr", "art", 100, APGD, art_apgd("difference_logits_ratio")),
    ReferenceAttack("apgd-t", "torchattacks", 100, TARGETS, ta_apgd_targeted),
    ReferenceAttack(
        *("apgd-t", "adv-lib", 100, TARGETS),
        adv_lib("apgd_targeted", lambda b: dict(eps=b.epsilon, norm=b.order, n_iter=b.steps)),
    ),
    ReferenceAttack("fab-t", "torchattacks", 100, TARGETS, ta_fab_targeted),
    ReferenceAttack(
        *("fab-t", "adv-lib", 100, TARGETS),
        adv_lib("fab", lambda b: dict(norm=b.order, n_iter=b.steps, targeted_restarts=True)),
        is_minimum_norm=True,
    ),
    ReferenceAttack("square", "torchattacks", 5000, "{steps} queries, 1 restart", ta_square),
    ReferenceAttack(
        *("square", "art", 5000, "{steps} queries, 1 restart"),
        art("SquareAttack", lambda b: dict(max_iter=b.steps, verbose=False)),
    ),
    ReferenceAttack(
        *("autoattack", "torchattacks", 100),
        "standard: APGD-CE, APGD-T, FAB-T, {steps} steps; Square, 50 × {steps} queries",
        ta_autoattack,
    ),
    ReferenceAttack(
        *("deepfool", "adv-lib", 50, DEEPFOOL),
        adv_lib("df", lambda b: dict(steps=b.steps, overshoot=0.02, norm=b.order)),
        is_minimum_norm=True,
    ),
    ReferenceAttack(
        "deepfool", "foolbox", 50, DEEPFOOL, foolbox("{norm}DeepFoolAttack", overshoot=0.02), is_minimum_norm=True
    ),
    ReferenceAttack(
        *("cw", "adv-lib", 200, CW),
        adv_lib("carlini_wagner_l2", lambda b: dict(max_iterations=b.steps, learning_rate=0.05, initial_const=0.1)),
        L2,
        is_minimum_norm=True,
    ),
    ReferenceAttack(
        *("cw", "foolbox", 200, CW),
        foolbox("{norm}CarliniWagnerAttack", stepsize=0.05, initial_const=0.1),
        L2,
        is_minimum_norm=True,
    ),
    ReferenceAttack(
        *("ddn", "adv-lib", 100, "{steps} steps, first norm 1, no rounding"),
        adv_lib("ddn", lambda b: dict(steps=b.steps, levels=None)),
        L2,
        is_minimum_norm=True,
    ),
    ReferenceAttack(
        "ddn", "foolbox", 100, "{steps} steps, first norm 1", foolbox("DDNAttack"), L2, is_minimum_norm=True
    ),
    # In L2 both come to the boundary from the near side, and on most images of these classifiers never cross
    # it.
    ReferenceAttack(
        *("fmn", "adv-lib", 100, "{steps} steps, first step 1"),
        adv_lib("fmn", lambda b: dict(norm=b.order, steps=b.steps)),
        is_minimum_norm=True,
    ),
    ReferenceAttack("fmn", "foolbox", 100, "{steps} steps, first step 1", foolbox_fmn, is_minimum_norm=True),
)


def attack_names(norm: str) -> list[str]:
    return list(dict.fromkeys(entry.attack for entry in CATALOGUE if norm in entry.norms))


def find_attack(text: str, norm: str) -> ReferenceAttack | None:
    """The first entry for `attack` or `attack@library` that knows this norm."""
    attack, _, library = text.partition("@")
    fitting = (e for e in CATALOGUE if e.attack == attack and norm in e.norms and library in ("", e.library))
    return next(fitting, None)
