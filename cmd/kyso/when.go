package main

import "time"

// vietnam is the zone of times for people: a document of Vietnam says the same
// time on every machine. It has had one zone and no summer time since 1975.
var vietnam = time.FixedZone("UTC+7", 7*60*60)

// when is a time for people, with its zone.
func (a *app) when(t time.Time) string { return t.In(vietnam).Format(a.m.Common.DateTime) }
