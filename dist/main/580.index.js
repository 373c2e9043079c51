export const id = 580;
export const ids = [580];
export const modules = {

/***/ 33580:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   compileSchemas: () => (/* binding */ compileSchemas)
/* harmony export */ });
/* harmony import */ var _core_checks_pattern_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8425);

/** Characters that patterns are matched against in one document; with a pattern at its worst, some seconds. */
const MOST_MATCHED = 131_072;
/**
 * Compiles the JSON Schemas (2020-12) of a check. Their regular expressions are matched in linear time, like all
 * others of a check, and `uniqueItems` too; formats are annotations and judge nothing. A `$ref` to anywhere but the
 * schema itself is refused: nothing is loaded. Throws for a schema that is none, with what is wrong.
 */
async function compileSchemas(schemas) {
    const { Ajv2020 } = await __webpack_require__.e(/* import() */ 210).then(__webpack_require__.t.bind(__webpack_require__, 52210, 19));
    const patterns = { left: MOST_MATCHED };
    const linear = Object.assign((source) => linearPattern(source, patterns), { code: 'linearPattern' });
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false, logger: false, addUsedSchema: false, code: { regExp: linear } });
    ajv.removeKeyword('uniqueItems');
    ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', validate: (isWanted, items) => !isWanted || areUnique(items), error: { message: 'must NOT have duplicate items' } });
    const compiled = new Map();
    for (const schema of schemas) {
        const fits = ajv.compile(schema);
        compiled.set(schema, (document) => (fits(document) ? undefined : ajv.errorsText(fits.errors, { dataVar: 'body' })));
    }
    return (schema, document) => {
        patterns.left = MOST_MATCHED;
        const judge = compiled.get(schema);
        if (judge === undefined)
            return 'a schema that was not compiled';
        try {
            return judge(document);
        }
        catch (error) {
            // A document that nests deeper than the stack, or holds more text than patterns can be matched against.
            return `nothing that can be judged: ${error instanceof Error ? error.message : String(error)}`;
        }
    };
}
/** Ajv compares each item with each other, which a body of many items turns into minutes. */
function areUnique(items) {
    return new Set(items.map((item) => JSON.stringify(item, withSortedKeys))).size === items.length;
}
function withSortedKeys(_key, value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
        return value;
    return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
/** Ajv keeps one for each name that `toString` gives. */
function linearPattern(source, budget) {
    const pattern = (0,_core_checks_pattern_js__WEBPACK_IMPORTED_MODULE_0__/* .compilePattern */ .E)(source);
    if (pattern === undefined)
        throw new Error(`the pattern ${source} is beyond what can be matched in linear time`);
    const test = (text) => {
        budget.left -= text.length;
        const matching = budget.left < 0 ? 'too-much' : pattern.judge(text);
        if (matching === 'too-much')
            throw new Error(`more text than the pattern ${source} can be matched against`);
        return matching === 'matches';
    };
    return { test, toString: () => source };
}


/***/ })

};
