export const id = 265;
export const ids = [265];
export const modules = {

/***/ 32265:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   assetsIn: () => (/* binding */ assetsIn)
/* harmony export */ });
/* harmony import */ var htmlparser2__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(81600);

/** What an HTML page loads: scripts, styles and images, each address once, as a browser would resolve it. */
function assetsIn(html, pageUrl) {
    const found = new Map();
    let base = pageUrl;
    const add = (kind, address, integrity = '') => {
        const text = address?.trim() ?? '';
        if (text === '' || !URL.canParse(text, base.href))
            return;
        const url = new URL(text, base);
        url.hash = '';
        // data: and blob: are in the page already.
        if (url.protocol !== 'https:' && url.protocol !== 'http:')
            return;
        const before = found.get(url.href);
        // A preload may come before the element that says what its bytes must be.
        if (before === undefined || (before.integrity === '' && integrity !== ''))
            found.set(url.href, { kind, url: url.href, integrity });
    };
    const parser = new htmlparser2__WEBPACK_IMPORTED_MODULE_0__/* .Parser */ .i({
        onopentag(name, attributes) {
            // HTML Standard, "The base element": the first one counts.
            if (name === 'base' && base === pageUrl && attributes['href'] !== undefined)
                base = baseOf(attributes['href'], pageUrl);
            for (const { kind, address } of referredBy(name, attributes))
                add(kind, address, attributes['integrity']);
        },
    });
    parser.write(html);
    parser.end();
    return [...found.values()];
}
/** HTML Standard, "frozen base URL": one that cannot be read, and data: and javascript:, are as good as none. */
function baseOf(href, pageUrl) {
    const url = URL.canParse(href, pageUrl.href) ? new URL(href, pageUrl) : pageUrl;
    return /^https?:$/.test(url.protocol) ? url : new URL(pageUrl);
}
function referredBy(name, attributes) {
    switch (name) {
        case 'script':
            return isRun(attributes['type']) ? [{ kind: 'script', address: attributes['src'] }] : [];
        case 'link':
            return linkedBy(attributes);
        case 'img':
            return [{ kind: 'image', address: attributes['src'] }, ...imagesIn(attributes['srcset'])];
        case 'source':
            return imagesIn(attributes['srcset']);
        default:
            return [];
    }
}
function linkedBy({ rel = '', as = '', href, imagesrcset }) {
    const relations = new Set(rel.toLowerCase().split(/\s+/));
    if (relations.has('stylesheet'))
        return [{ kind: 'style', address: href }];
    if (relations.has('modulepreload'))
        return [{ kind: 'script', address: href }];
    if (relations.has('icon') || relations.has('apple-touch-icon'))
        return [{ kind: 'image', address: href }];
    const kind = PRELOADED.get(as.toLowerCase());
    if (!relations.has('preload') || kind === undefined)
        return [];
    // With `imagesrcset`, `href` is for browsers that do not know it.
    return [{ kind, address: href }, ...(kind === 'image' ? imagesIn(imagesrcset) : [])];
}
const PRELOADED = new Map([['script', 'script'], ['style', 'style'], ['image', 'image']]);
/** HTML Standard, "prepare the script element": any other type is a block of data, and nothing is loaded for it. */
function isRun(type = '') {
    return /^(?:module|(?:text|application)\/(?:x-)?(?:java|ecma|j|live)script[\d.]*)?$/i.test(type.trim());
}
/** HTML Standard, "parse a srcset attribute": an address ends at a blank, or at the comma that ends its candidate. */
function imagesIn(srcset = '') {
    const addresses = [];
    const candidate = /[\s,]*([^\s,]\S*)/y;
    for (let found = candidate.exec(srcset); found !== null; found = candidate.exec(srcset)) {
        const text = found[1] ?? '';
        if (text.endsWith(',')) {
            addresses.push({ kind: 'image', address: withoutCommas(text) });
            continue;
        }
        addresses.push({ kind: 'image', address: text });
        // Descriptors, up to the next comma; those in parentheses are of a future that never came.
        const comma = srcset.indexOf(',', candidate.lastIndex);
        if (comma === -1)
            break;
        candidate.lastIndex = comma;
    }
    return addresses;
}
/** At its end. Not by a pattern: over a page that means harm, one would take the square of its length. */
function withoutCommas(text) {
    let end = text.length;
    while (text[end - 1] === ',')
        end -= 1;
    return text.slice(0, end);
}


/***/ })

};
