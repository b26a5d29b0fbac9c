"""What each command does, behind the command line: settings, store, one call of the package, output."""
