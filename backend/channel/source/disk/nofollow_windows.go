package disk

// noFollow has no meaning here: what was opened is compared with what was
// looked at.
const noFollow = 0
