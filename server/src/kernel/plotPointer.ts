/**
 * What follows the pointer is drawn by Plot when the pointer moves, and a tip measures its text: neither can be done in the
 * kernel, and the frame that shows a chart has no Plot and none of its data. So whatever could be pointed at is drawn
 * beforehand, hidden, with its place; the frame (`web/public/sandbox.html`) shows the nearest and measures tips.
 */

/** Bytes of JSON that a chart may have with all that follows the pointer: a little less than an output may. */
const CHART_BYTES = 700_000
/** Of these, for what follows the pointer. */
const POINTED_BYTES = 250_000
/** Of one mark in one facet: more than this are closer together than a pointer can tell apart, and take time to draw. */
const POINTS = 500

/** Added to Plot's module of the pointer. Every n-th point is drawn where all would be too much. */
const FOLLOWING = `
const $parts = new WeakMap();
const $bytes = (element) => new TextEncoder().encode(JSON.stringify(element.outerHTML)).length;
function $follow(svg, mark, part) {
  let known = $parts.get(svg);
  if (!known) $parts.set(svg, (known = { marks: new Map(), parts: [] }));
  if (!known.marks.has(mark)) known.marks.set(mark, known.marks.size);
  known.parts.push(part);
  part.root.setAttribute("data-pointer", JSON.stringify({ mark: known.marks.get(mark), ...part.reach }));
  return part.root;
}
export function $drawPointed(svg) {
  const { parts = [] } = $parts.get(svg) ?? {};
  let room = parts.length ? Math.min(${POINTED_BYTES}, ${CHART_BYTES} - $bytes(svg)) : 0;
  parts.forEach((part, n) => (room -= $drawEach(part, room / (parts.length - n))));
}
function $drawEach({ root, index, at, draw }, room) {
  let used = 0;
  let step = Math.ceil(index.length / ${POINTS});
  for (let n = 0; n < index.length && used < room; n += step) {
    const place = at(index[n]);
    if (!place.every(Number.isFinite)) continue;
    const drawn = draw(index[n]);
    const point = root.ownerDocument.createElementNS(root.namespaceURI, "g");
    point.setAttribute("display", "none");
    point.setAttribute("data-at", place.map((each) => Math.round(each * 10) / 10).join(" "));
    point.append(...drawn.childNodes);
    if (drawn.hasAttribute("data-tip")) root.setAttribute("data-tip", drawn.getAttribute("data-tip"));
    const bytes = $bytes(point);
    if (used === 0) step = Math.max(step, Math.ceil((bytes * index.length * 1.2) / room));
    if (bytes > room - used) break;
    root.append(point);
    used += bytes;
  }
  return used;
}
`

/** The places of the middle of what is pointed at, and how near one has to come, in the chart's own units. */
const PART = `$follow(svg, this, {
        root: render(null),
        index,
        at: (i) => [px(i) + tx, py(i) + ty],
        reach: {
          squash: [kx, ky],
          radius: maxRadius,
          frame: [
            dimensions.marginLeft + tx,
            dimensions.marginTop + ty,
            dimensions.width - dimensions.marginRight + tx,
            dimensions.height - dimensions.marginBottom + ty
          ]
        },
        draw: (i) => next(faceted ? Object.assign([i], {fx: index.fx, fy: index.fy, fi: index.fi}) : [i], scales, values, dimensions, context)
      })`

/** What a tip needs to know once its text has been measured. */
const TIP = `{
        const {width, height} = dimensions.facet ?? dimensions;
        g.attr("data-tip", JSON.stringify({anchor, preferred: mark.preferredAnchor, padding: r, pointer: m, lineHeight, offset: [ox, oy], room: [width, height]}));
      }`

export const POINTER_PATCHES = [
  { file: '/plot/src/interactions/pointer.js', found: 'return render(null);', put: `return ${PART};`, before: FOLLOWING },
  {
    file: '/plot/src/marks/tip.js',
    found: `if (svg.isConnected) Promise.resolve().then(postrender);
      else if (typeof requestAnimationFrame !== "undefined") requestAnimationFrame(postrender);`,
    put: TIP,
    before: '',
  },
  {
    file: '/plot/src/plot.js',
    found: 'figure.scale = exposeScales(scales.scales);',
    put: '$drawPointed(svg);\n  figure.scale = exposeScales(scales.scales);',
    before: 'import {$drawPointed} from "./interactions/pointer.js";\n',
  },
]
