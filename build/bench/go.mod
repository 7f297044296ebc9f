module nectar/build/bench

go 1.25.0

require nectar v0.0.0

require github.com/mattn/go-sqlite3 v1.14.53 // indirect

replace nectar => ../..
