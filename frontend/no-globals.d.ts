/**
 * What tsconfig.json gives in place of modules whose types nobody here names.
 * happy-dom is only what the tests run in. Vuetify declares every component it has as a global one, a quarter of a million lines
 * of types. We register none globally and import each by its own path, so nothing of
 * that is read; it made every check take ten times as long.
 */
export {}
