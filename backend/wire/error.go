package wire

// Error is a refusal or failure as the faces show it.
type Error struct {
	Code    string  `json:"code"`
	Message string  `json:"message"`          // what happened and why
	Advice  string  `json:"advice,omitempty"` // what to do now
	Fields  []Field `json:"fields"`
	Detail  string  `json:"detail,omitempty"` // for whoever helps; folded away
}

// Field is one refused field of a request.
type Field struct {
	Field   string `json:"field"`
	Message string `json:"message"`
	Index   int    `json:"index"`
}
