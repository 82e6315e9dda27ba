package main

import "os"

// stopSignals end a run in good order.
func stopSignals() []os.Signal { return []os.Signal{os.Interrupt} }
