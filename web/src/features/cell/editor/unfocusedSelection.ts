import { layer, RectangleMarker } from '@codemirror/view'

/**
 * What is selected in an editor without the focus, as where something was found. In the one with the focus the browser's own cursor and
 * selection show: drawing them here would measure the text and start an animation anew at every key.
 */
export const unfocusedSelection = layer({
  above: false,
  class: 'cm-unfocusedSelection',
  update: ({ view, focusChanged, selectionSet, docChanged }) => focusChanged || (!view.hasFocus && (selectionSet || docChanged)),
  markers: (view) => {
    const { main } = view.state.selection
    if (view.hasFocus || main.empty) return []
    return RectangleMarker.forRange(view, 'cm-selectionBackground', main)
  },
})
