// Package i18n holds the texts of tasks and faults in every language, and
// fills them with values.
//
// Texts live in flat JSON files, one a language, named by its tag:
//
//	"fault.disk_full.message": "{needed:bytes} are needed, {free:bytes} are free in {path}."
//
// A placeholder is a name in braces, with an optional format after a colon:
//
//	{path}          the value as it is
//	{count:number}  a number in the language's digits and separators
//	{needed:bytes}  a size, base 10: "3.4 GB"
//	{what:word}     another text of the same language, here "word.<value>";
//	                the value itself where there is no such text
//
// A text that depends on a number has one entry for each plural form of its
// language (".zero", ".one", ".two", ".few", ".many", ".other"); the value
// named "count" chooses among them by the rules of CLDR.
//
// What a task declares in English is not written again in the English file;
// the other languages have it under keys that begin with Declared:
//
//	"task.maths.add.summary": "Zwei Zahlen addieren"
//	"task.maths.add.x.title": "Erste Zahl"
//
// A value that is missing shows as "?", so that a sentence stays a sentence.
// Values may come from strangers: control characters are taken out of them,
// and a value whose direction may differ from the sentence's is wrapped in
// Unicode isolates.
package i18n
