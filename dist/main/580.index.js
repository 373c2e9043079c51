export const id = 580;
export const ids = [580];
export const modules = {

/***/ 33580:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   compileSchema: () => (/* binding */ compileSchema)
/* harmony export */ });
/* harmony import */ var _core_checks_pattern_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8425);

/**
 * Compiles a JSON Schema (2020-12). Its regular expressions are matched in linear time, like all others of a check;
 * formats are annotations and judge nothing. Throws for a schema that is none, with what is wrong.
 */
async function compileSchema(schema) {
    const { Ajv2020 } = await __webpack_require__.e(/* import() */ 210).then(__webpack_require__.t.bind(__webpack_require__, 52210, 19));
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false, logger: false, code: { regExp: Object.assign(linearPattern, { code: 'linearPattern' }) } });
    const fits = ajv.compile(schema);
    return (document) => (fits(document) ? undefined : ajv.errorsText(fits.errors, { dataVar: 'body' }));
}
/** Ajv keeps one for each name that `toString` gives. */
function linearPattern(source) {
    const pattern = (0,_core_checks_pattern_js__WEBPACK_IMPORTED_MODULE_0__/* .compilePattern */ .E)(source);
    if (pattern === undefined)
        throw new Error(`the pattern ${source} is beyond what can be matched in linear time`);
    return { test: (text) => pattern.test(text), toString: () => source };
}


/***/ })

};
