package task

// The zones of cron rules. Windows has no list of them that Go reads, and a small
// Linux may lack it.
import _ "time/tzdata"
