package tsp_test

import (
	"fmt"
	"time"

	"github.com/kyso-vn/kyso/internal/tsp"
)

// A verifier checks the token, then what it stamps; the path to a trust
// anchor is another package's.
func ExampleParse() {
	token, err := tsp.Parse(goodToken())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("token:", token.Check())
	fmt.Println("imprint:", token.CheckImprint([]byte("giá trị chữ ký")))
	fmt.Println("time:", token.Time.Format(time.RFC3339))
	// Output:
	// token: <nil>
	// imprint: <nil>
	// time: 2026-05-12T08:35:12Z
}
