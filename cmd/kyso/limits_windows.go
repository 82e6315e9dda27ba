package main

// limitChild: the parent's deadline is the only limit here.
func limitChild() {}
