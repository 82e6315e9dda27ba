package token

import (
	"os"
	"path/filepath"
	"strings"
)

const (
	pcscSocket = "/run/pcscd/pcscd.comm"
	usbDevices = "/sys/bus/usb/devices"
)

// readers looks for the PC/SC daemon and for smart-card readers at USB (tokens
// are readers with a card in them).
func readers() []Finding { return readersIn("") }

func readersIn(root string) []Finding {
	var d diagnosis
	if info, err := os.Stat(root + pcscSocket); err == nil && info.Mode()&os.ModeSocket != 0 {
		d.add("pcscd_running", Good, "socket", pcscSocket)
	} else {
		d.add("pcscd_missing", Problem, "socket", pcscSocket)
	}
	// USB CCID 1.1, 4.1: interface class 0Bh.
	classes, err := filepath.Glob(root + usbDevices + "/*/bInterfaceClass")
	if err != nil {
		classes = nil
	}
	seen := map[string]bool{}
	for _, file := range classes {
		if sysText(file) != "0b" {
			continue
		}
		// An interface 1-2:1.0 belongs to the device 1-2.
		device, _, _ := strings.Cut(filepath.Base(filepath.Dir(file)), ":")
		if seen[device] {
			continue
		}
		seen[device] = true
		dir := filepath.Join(root+usbDevices, device)
		d.add("reader_usb", Good, "product", sysText(dir+"/product"), "manufacturer", sysText(dir+"/manufacturer"),
			"vendor_id", sysText(dir+"/idVendor"), "product_id", sysText(dir+"/idProduct"))
	}
	if len(seen) == 0 {
		d.add("reader_none", Note)
	}
	return d.findings
}

func sysText(file string) string {
	data, err := os.ReadFile(file)
	if err != nil || len(data) > 4096 {
		return ""
	}
	return cleanText(string(data))
}
