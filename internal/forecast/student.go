package forecast

import "math"

// quantile gives the value below which Student's t with so many degrees of freedom stays with probability q, for
// q from 0.5 to below 1. It inverts the distribution function by halving, which needs no luck: 60 halvings of a
// range below 2^20 leave less than 1e-12.
func quantile(q float64, freedom int) float64 {
	low, high := 0.0, 1.0
	for below(high, freedom) < q && high < 1<<20 {
		high *= 2
	}
	for range 60 {
		if mid := (low + high) / 2; below(mid, freedom) < q {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// below gives the probability that Student's t stays below t ≥ 0: 1 − I(x; f/2, 1/2)/2 at x = f/(f + t²)
// (Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 26.7.1 and 26.5.27).
func below(t float64, freedom int) float64 {
	f := float64(freedom)
	return 1 - beta(f/(f+t*t), f/2, 0.5)/2
}

// beta is the regularised incomplete beta function, by its continued fraction (NIST Digital Library of
// Mathematical Functions, 8.17.22), on the side of the mean on which that converges fast.
func beta(x, a, b float64) float64 {
	if x <= 0 || x >= 1 {
		return min(max(x, 0), 1)
	}
	if x > (a+1)/(a+b+2) {
		return 1 - beta(1-x, b, a)
	}
	all, _ := math.Lgamma(a + b)
	first, _ := math.Lgamma(a)
	second, _ := math.Lgamma(b)
	front := math.Exp(all - first - second + a*math.Log(x) + b*math.Log1p(-x))
	return front / a / fraction(x, a, b)
}

// fraction evaluates 1 + d1/(1 + d2/(1 + …)) of 8.17.22 by the method of Lentz. A few dozen steps do for the
// arguments that quantile asks for; 1000 bound it.
func fraction(x, a, b float64) float64 {
	const tiny, precise = 1e-300, 1e-15
	value, c, d := 1.0, 1.0, 0.0
	for n := 1; n <= 1000; n++ {
		m := float64(n / 2)
		coefficient := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		if n%2 == 1 {
			coefficient = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		}
		d = 1 + coefficient*d
		if math.Abs(d) < tiny {
			d = tiny
		}
		c = 1 + coefficient/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		value *= c * d
		if math.Abs(c*d-1) < precise {
			break
		}
	}
	return value
}
