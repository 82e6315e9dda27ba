package sign_test

import "testing"

// TestGenerator keeps the inputs honest: what qpdf has to repair is no sound
// input.
func TestGenerator(t *testing.T) {
	inputs := shapes()
	inputs["empty field"] = emptyField("")
	inputs["tagged, flat"] = tagged("<</Nums[0 10 0 R]>>")
	inputs["tagged, kids"] = tagged("<</Kids[9 0 R]>>")
	inputs["many pages"] = manyPages(3)
	for name, in := range inputs {
		for _, form := range forms {
			t.Run(name+"/"+form, func(t *testing.T) {
				in.form = form
				checkQPDF(t, save(t, in.bytes()))
			})
		}
	}
}
