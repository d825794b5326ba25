"""How a program's request becomes a record of `issues.raw`, and who may send one."""
