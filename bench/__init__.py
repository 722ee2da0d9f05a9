"""What Landfall costs on this machine, beside a floor: `make bench`, explained in docs/bench.md."""
