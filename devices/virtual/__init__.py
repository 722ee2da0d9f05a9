"""Programs that behave as Edgent boards do, for people and tests without one."""
