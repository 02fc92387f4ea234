"""What `make run` does: the four roles as children of one process, and a sample fair to look at.

Standard library only, and nothing of the two services: they are started as the programs they are.

    settings    what the environment says, checked before anything starts
    procfile    which roles there are
    bell        wakes the launcher when a child ends or somebody presses Ctrl-C
    guardian    a process beside us that cleans up if we are killed
    child       one process group with its log
    chore       a command that ends by itself
    supervisor  starts, restarts and stops the roles
    ready       waits for the two /readyz
    sample      the sample fair: load, send, wait, links
    terminal    what the person in front of it reads
"""
