"""Functions that nothing but compiled code calls: kept as LLVM's code, without machine code of their own.

Numba optimises a function together with all that it calls and makes machine code of it, and does so again for each function
above it.  Nobody ever runs the machine code of what only compiled code calls: its callers take in LLVM's code, and optimise it
where they use it.  So only a way in from Python becomes machine code, once.
"""

from types import SimpleNamespace
from typing import Any

import llvmlite.binding as llvm
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, CompileResult

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


class FragmentCompiler(Compiler):
    """Numba's compiler, which makes a fragment."""

    def define_pipelines(self) -> Any:
        """Return the steps of Numba, of which the last write in a fragment."""
        self.state.library = Fragment(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        return super().define_pipelines()


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
