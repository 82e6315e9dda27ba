package i18n

func enTopicsPresets() map[string]Help {
	return map[string]Help{
		"presets": {
			Short: "Ready looks of the mark, and the rules that they follow",
			Example: `  kyso sign a.pdf --preset nd30-person --image signature.png
  kyso sign a.signed.pdf --preset nd30-agency --image seal.png
  kyso sign copy.pdf --preset nd30-copy --org "Ủy ban nhân dân xã Ea Kao"`,
			Long: `A preset is a look and a place; every flag changes it (--text, --rect, --font-size ...).

igate            The portal's three lines: signer, e-mail, time.
nd30-person      The handwritten signature of the competent person: blue, PNG with a clear background, centred
                 between title and name. Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 7 (ô 7c).
nd30-agency      The seal of the agency: red, PNG with a clear background, at its real size (the resolution that
                 the PNG states), over the left third of the person's signature, which must be there.
                 Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 8 (ô 8).
nd30-copy        An electronic copy: form of the copy, copying body, time as ISO 8601 with its zone; top right of
                 page 1, no seal, Times-like, upright, 10 pt, black. "SAO Y" is changed by --text, as in
                 --text "TRÍCH SAO; {{.Org}}; {{.Time}}".
                 Nghị định 30/2020/NĐ-CP, Phụ lục I, thể thức bản sao sang định dạng điện tử.
nd30-attachment  An attachment in a file of its own: number of the main document (--doc-number) and time; the rest
                 as nd30-copy. Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 8 (phụ lục kèm theo).`,
		},
	}
}
