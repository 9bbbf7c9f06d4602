package forecast

import (
	"math"
	"testing"
)

// Published: the table of upper critical values of Student's t in the NIST/SEMATECH e-Handbook of Statistical
// Methods, 1.3.6.7.2 (0.90, 0.95, 0.975, 0.99), and the column of 0.98 in the tables of Moore and McCabe,
// Introduction to the Practice of Statistics. Three decimals.
func TestQuantileAgainstPublishedTables(t *testing.T) {
	for _, row := range []struct {
		freedom int
		q, want float64
	}{
		{1, 0.90, 3.078}, {1, 0.975, 12.706}, {1, 0.99, 31.821}, {2, 0.95, 2.920}, {4, 0.90, 1.533}, {5, 0.98, 2.757},
		{10, 0.90, 1.372}, {10, 0.98, 2.359}, {19, 0.90, 1.328}, {19, 0.95, 1.729}, {19, 0.98, 2.205}, {20, 0.98, 2.197},
		{24, 0.975, 2.064}, {30, 0.90, 1.310}, {30, 0.98, 2.147}, {40, 0.98, 2.123}, {50, 0.98, 2.109}, {60, 0.99, 2.390},
		{80, 0.98, 2.088}, {100, 0.90, 1.290}, {100, 0.98, 2.081}, {1000, 0.98, 2.056}, {1000, 0.90, 1.282},
	} {
		if got := quantile(row.q, row.freedom); math.Abs(got-row.want) > 0.00051 {
			t.Errorf("t(%v; %d) = %.5f, published %.3f", row.q, row.freedom, got, row.want)
		}
	}
}

func TestQuantileInClosedForm(t *testing.T) {
	for q := 0.5; q < 0.999; q += 0.007 {
		one := math.Tan(math.Pi * (q - 0.5))                // Cauchy's distribution
		two := (2*q - 1) * math.Sqrt(2/(1-(2*q-1)*(2*q-1))) // 1 − 1/… solved for t
		many := math.Sqrt2 * math.Erfinv(2*q-1)             // the normal distribution
		for freedom, want := range map[int]float64{1: one, 2: two} {
			if got := quantile(q, freedom); math.Abs(got-want) > 1e-9*(1+want) {
				t.Errorf("t(%v; %d) = %v, want %v", q, freedom, got, want)
			}
		}
		if got := quantile(q, 10_000_000); math.Abs(got-many) > 1e-5 {
			t.Errorf("t(%v; ∞) = %v, want about %v", q, got, many)
		}
	}
}
