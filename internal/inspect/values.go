package inspect

func (in *inspector) values() error { return nil }
