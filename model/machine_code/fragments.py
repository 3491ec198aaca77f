"""How Numba's compiler is used: ways in from Python become machine code, and what only they call is kept as LLVM's code.

Numba optimises a function together with all that it calls and makes machine code of it, and does so again for each function
above it.  Nobody ever runs the machine code of what only compiled code calls: its callers take in LLVM's code, and optimise it
where they use it.  So only a way in from Python becomes machine code, once.

Numba writes the types of all arguments into the name of a function.  That of a world lists every field of every record, so
names took nine tenths of what is kept on disk; here a hash of the types stands for them.
"""

import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import llvmlite.binding as llvm
from numba.core import ir, itanium_mangler, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, CompileResult
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.typed_passes import NopythonTypeInference

NOWHERE = SimpleNamespace(set_env=lambda name, environment: None)  # where the machine code would be, and its Python objects


class Fragment(JITCodeLibrary):
    """LLVM's code of one function and of those that it calls; takes the place of Numba's library of machine code."""

    @property
    def codegen(self) -> Any:
        """Return nowhere: what Numba would tell the machine code has nobody to hear it."""
        return NOWHERE

    def _optimize_final_module(self) -> None:
        """Leave it to who takes this in."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True

    def serialize_using_object_code(self) -> tuple[str, bytes]:
        """Return what is kept on disk, of which there is no object code."""
        self._ensure_finalized()
        return self.name, self._get_module_for_linking().as_bitcode()


class WayIn(JITCodeLibrary):
    """Machine code of a way in from Python, with what it calls; takes the place of Numba's library of machine code.

    A rule takes a world, which is some fifty tables: more than three hundred words that a caller writes down at every call,
    of which most rules read a few.  Numba keeps them all, since others could call the same function.  Nobody can here.
    """

    def _optimize_final_module(self) -> None:
        """Optimise as Numba does, then let no function take what it does not read.

        Such a function is another than its fragment, so it is private: it has no name that other machine code could find.
        """
        super()._optimize_final_module()
        for function in self._final_module.functions:
            if function.linkage == llvm.Linkage.linkonce_odr:  # as Numba marks what was taken in from others
                function.linkage = llvm.Linkage.private
        steps = llvm.create_new_module_pass_manager()
        steps.add_global_dead_code_eliminate_pass()
        steps.add_dead_arg_elimination_pass()
        steps.add_instruction_combine_pass()
        steps.add_simplify_cfg_pass()
        steps.add_dead_code_elimination_pass()
        steps.run(self._final_module, llvm.create_pass_builder(self._codegen._tm, llvm.create_pipeline_tuning_options()))


@contextmanager
def unswept() -> Iterator[None]:
    """Let Python look for no unreachable objects meanwhile: most that Numba makes live on, and each is looked at many times."""
    sweeps = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sweeps:
            gc.enable()


def brief(name: str, kinds: tuple, *, abi_tags: tuple = (), uid: int | None = None) -> str:
    """Return the name of a function of LLVM's for arguments of these types."""
    digest = hashlib.blake2b(" ".join(map(str, kinds)).encode(), digest_size=8).hexdigest()
    return itanium_mangler.mangle(name, (), abi_tags=(*abi_tags, digest), uid=uid)


@register_pass(mutates_CFG=False, analysis_only=False)
class CountFromStart(FunctionPass):
    """Lets rows be counted from the start of a table only, as in C.

    In Python an index below 0 counts from the end, so Numba asks of each whether it is below 0, which takes a sixth of the
    time of a rule.  No rule counts from the end: `state.world.Records` refuses it in plain Python.
    """

    _name = "count_from_start"

    def __init__(self) -> None:
        """Make the step, as Numba asks of each."""
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        """Let the index of an array be one without a sign, wherever a row is read or written."""
        state.calltypes = {what: from_start(what, signature) for what, signature in state.calltypes.items()}
        return True


def from_start(what: Any, signature: Any) -> Any:
    """Return the types of the parts of an expression; where it takes a row of an array, without a sign of the index."""
    takes = isinstance(what, ir.SetItem) or (isinstance(what, ir.Expr) and what.op == "getitem")
    if not takes or not isinstance(signature.args[0], types.Array):
        return signature
    array, index, *value = signature.args
    return signature.replace(args=(array, unsigned(index), *value))


def unsigned(index: Any) -> Any:
    """Return the type of an index that is not below 0."""
    if isinstance(index, types.Integer):
        return types.uintp
    return types.UniTuple(types.uintp, len(index)) if isinstance(index, types.BaseTuple) and whole(index) else index


def whole(kinds: Any) -> bool:
    """Return whether these are types of whole numbers."""
    return all(isinstance(kind, types.Integer) for kind in kinds)


class BriefCompiler(Compiler):
    """Numba's compiler, which makes a way in, gives brief names, counts rows from the start, and is not interrupted."""

    library: type[JITCodeLibrary] = WayIn

    def compile_extra(self, func: Callable) -> Any:
        """Compile a function and what it calls."""
        with unswept():
            return super().compile_extra(func)

    def define_pipelines(self) -> Any:
        """Return the steps of Numba and ours."""
        self.state.targetctx = self.state.targetctx.subtarget(mangler=brief)
        self.state.library = self.library(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        self.state.library.enable_object_caching()  # so that it can be kept
        steps = super().define_pipelines()
        for each in steps:
            each.add_pass_after(CountFromStart, NopythonTypeInference)
            each.finalize()
        return steps


class FragmentCompiler(BriefCompiler):
    """The same, which makes a fragment."""

    library = Fragment


def rebuilt(context: Any, kept: tuple[str, bytes], fndesc: Any, environment: Any, signature: Any, *others: Any) -> CompileResult:
    """Return a fragment as it was kept; takes what `CompileResult._rebuild` takes."""
    name, code = kept
    objectmode, lifted, annotation, reload_init, environments = others
    library = Fragment(context.codegen(), name)
    library._final_module = library._shared_module = llvm.parse_bitcode(code)
    library._finalize_final_module()
    return CompileResult(
        typing_context=context.typing_context, target_context=context, library=library, fndesc=fndesc, signature=signature,
        entry_point=context.get_executable(library, fndesc, environment), environment=environment, type_annotation=annotation,
        objectmode=objectmode, lifted=lifted, typing_error=None, call_helper=None, metadata=None, reload_init=reload_init,
        referenced_envs=environments,
    )  # fmt: skip
