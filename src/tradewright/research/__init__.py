"""Many runs and what they mean: so far, the report of one."""
