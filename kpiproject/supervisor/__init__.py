"""Runs the whole of Plumbline as one process tree: queue, web server, worker and scheduler.

Whatever way this process ends, nothing it started may outlive it: the children are told by the kernel (or, where the
kernel cannot, by a launcher that watches), and they live in their own sessions, so that Ctrl-C reaches only us and the
order of stopping is ours.
"""
