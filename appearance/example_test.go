package appearance_test

import (
	"fmt"
	"time"

	"github.com/kyso-vn/kyso/appearance"
)

// The portal's mark: three lines, fitted to the box.
func ExampleCompose() {
	mark, err := appearance.Compose(appearance.Style{}, appearance.Info{
		Signer: "NGUYỄN VĂN A", Email: "a@example.vn",
		Time: time.Date(2023, 5, 12, 8, 35, 12, 0, time.UTC),
	}, 220, 80)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range mark.Lines {
		fmt.Println(line)
	}
	// Output:
	// Ký bởi: NGUYỄN VĂN A
	// Email: a@example.vn
	// Thời gian ký: 12-05-2023 15:35:12
}

// A template replaces the lines.
func ExampleStyle_text() {
	style := appearance.Style{Text: "{{upper .Signer}}\nngày {{date \"02/01/2006\"}}"}
	mark, err := appearance.Compose(style, appearance.Info{
		Signer: "Đặng Thị Lệ", Time: time.Date(2023, 5, 12, 8, 35, 12, 0, time.UTC),
	}, 200, 50)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mark.Lines[0])
	fmt.Println(mark.Lines[1])
	// Output:
	// ĐẶNG THỊ LỆ
	// ngày 12/05/2023
}
