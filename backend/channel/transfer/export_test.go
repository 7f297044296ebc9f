package transfer

// SumAtOnce says that this processor computes many sums faster at once, or not.
func (c *Config) SumAtOnce(faster bool) { c.sumsAtOnce = func() bool { return faster } }
