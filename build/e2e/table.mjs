/** The page that says what axe finds in each view: four numbers a view, in the order of its columns. */
export function table(findings) {
  const rows = [...findings].map(([name, numbers]) => `| ${name} | ${numbers.join(' | ')} |`)
  return `# Accessibility

What axe finds wrong in every view of the window, with all of its rules and those
of WCAG 2.2: in English, left to right at 1366×768, and in Arabic, right to left at
1024×600. \`bash build/pictures.sh\` writes this page; \`bash build/test.sh e2e\` fails
on any finding, on a view that is missing here, and on a text that is cut off when all
texts are half as long again.

| view | English, light | English, dark | Arabic, light | Arabic, dark |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}
