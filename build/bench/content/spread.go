package main

import "slices"

// spread answers the least, the middle and the largest of the figures.
func spread(of []measurement, figure func(measurement) float64) (low, middle, high float64) {
	if len(of) == 0 {
		return 0, 0, 0
	}
	figures := make([]float64, len(of))
	for i, m := range of {
		figures[i] = figure(m)
	}
	slices.Sort(figures)
	n := len(figures)
	return figures[0], (figures[(n-1)/2] + figures[n/2]) / 2, figures[n-1]
}
