/// Rules for colours: that text stands out from what is behind it, and links from the text around them.
///
/// Behind text are the backgrounds of its ancestors, with their opacity, down to the first that nothing
/// shines through; of a gradient, each of its colours. Text of an SVG lies on the shapes before it that its
/// middle is in. Pictures are not looked at.
extension AccessibilityRules {
  static let contrastScript = #"""
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    const colors = new Map();

    // Red, green and blue of 0…255 and the opacity of 0…1.
    const parsed = text => {
      if (colors.has(text)) return colors.get(text);
      const numbers = /^rgba?\(([^)]*)\)$/.exec(text)?.[1].split(/[\s,/]+/).map(Number);
      let color = numbers && [...numbers, 1].slice(0, 4);
      if (!color) {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = "transparent";
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        color = [...canvas.getImageData(0, 0, 1, 1).data];
        color[3] /= 255;
      }
      colors.set(text, color);
      return color;
    };
    const faded = ([red, green, blue, opacity], factor) => [red, green, blue, opacity * factor];
    const over = (front, back) => {
      const opacity = front[3] + back[3] * (1 - front[3]);
      if (opacity === 0) return [0, 0, 0, 0];
      const mixed = [0, 1, 2].map(channel =>
        (front[channel] * front[3] + back[channel] * back[3] * (1 - front[3])) / opacity);
      return [...mixed, opacity];
    };
    const luminance = color => {
      const [red, green, blue] = color.map(value => value / 255)
        .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (one, other) => {
      const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    const written = color => `rgb(${color.slice(0, 3).map(Math.round).join(", ")})`;

    // What the browser paints below a page without a background.
    const groundColor = () => {
      const probe = document.createElement("i");
      probe.style.cssText = "all: initial; color-scheme: inherit; color: Canvas; display: none";
      document.documentElement.append(probe);
      const color = parsed(style(probe).color);
      probe.remove();
      return color;
    };

    // The backgrounds that an element may have at some place of it.
    const backgrounds = element => {
      const {backgroundColor, backgroundImage} = style(element);
      const plain = parsed(backgroundColor);
      if (!backgroundImage.includes("gradient(")) return [plain];
      const stops = backgroundImage.match(/\b(rgba?|color|oklch|oklab|lch|lab)\([^()]*\)/g) ?? [];
      return stops.length > 0 ? stops.map(stop => over(parsed(stop), plain)) : [plain];
    };

    // The shapes of a drawing that hold a colour, with their boxes.
    const drawings = new Map();
    const shapesOf = drawing => {
      if (!drawings.has(drawing)) {
        const shapes = all("rect, circle, ellipse, path, polygon", drawing).filter(shape =>
          !shape.closest("defs, clipPath, mask, symbol, pattern, marker")
          && isShown(shape) && parsed(style(shape).fill)[3] > 0);
        drawings.set(drawing, shapes.map(shape => [shape, shape.getBoundingClientRect()]));
      }
      return drawings.get(drawing);
    };

    // Those below the middle of a text, nearest first.
    const shapesBelow = text => {
      const {left, top, width, height} = text.getBoundingClientRect();
      const middle = new DOMPoint(left + width / 2, top + height / 2);
      return shapesOf(text.ownerSVGElement).filter(([shape, box]) => {
        if (middle.x < box.left || middle.x > box.right) return false;
        if (middle.y < box.top || middle.y > box.bottom) return false;
        if (!(text.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_PRECEDING)) return false;
        const matrix = shape.getScreenCTM()?.inverse();
        return matrix && shape.isPointInFill(middle.matrixTransform(matrix));
      }).map(([shape]) => shape).reverse();
    };

    // What a text or shape is filled with, with the opacity of the groups around it.
    const filled = element => {
      const {fill, fillOpacity} = style(element);
      let color = faded(parsed(fill), Number(fillOpacity));
      for (let group = element; group.ownerSVGElement; group = group.parentElement) {
        color = faded(color, Number(style(group).opacity));
      }
      return color;
    };

    // The pairs of text and background colour that an element's text may have.
    const pairsOf = (element, color, ground) => {
      let pairs = [[color, [0, 0, 0, 0]]];
      const lay = layers => {
        const next = pairs.flatMap(([text, back]) =>
          layers.map(layer => [over(text, layer), over(back, layer)]));
        pairs = [...new Map(next.map(pair => [String(pair), pair])).values()];
      };
      const text = element.closest("svg text");
      if (text) for (const shape of shapesBelow(text)) lay([filled(shape)]);
      for (let box = text?.ownerSVGElement ?? element; box; box = box.parentElement) {
        lay(backgrounds(box));
        const opacity = Number(style(box).opacity);
        if (opacity < 1) pairs = pairs.map(pair => pair.map(layer => faded(layer, opacity)));
      }
      lay([ground]);
      return pairs;
    };

    rules["contrast"] = report => {
      const ground = groundColor();
      const check = (element, color, kind = "") => {
        if (!isShown(element) || isOutOfSight(element) || isDisabled(element)) return;
        if (element.closest("label")?.control?.disabled) return;
        const {fontSize, fontWeight} = style(element);
        const matrix = element.closest("svg text")?.getScreenCTM();
        const scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1;
        const size = parseFloat(fontSize) * scale;
        const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
        const wanted = isLarge ? 3 : 4.5;
        const found = pairsOf(element, color, ground).map(pair => [contrast(...pair), pair]);
        const [ratio, [text, back]] = found.reduce((worst, pair) => pair[0] < worst[0] ? pair : worst);
        if (ratio < wanted) {
          const short = Math.floor(100 * ratio) / 100;
          report(element, `${kind}${written(text)} on ${written(back)} is ${short}:1, ${wanted}:1 the least`);
        }
      };
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const seen = new Set();
      while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || seen.has(element)) continue;
        seen.add(element);
        if (element.matches("script, style, noscript, title, desc, option, textarea")) continue;
        const range = document.createRange();
        range.selectNodeContents(element);
        if (![...range.getClientRects()].some(({width, height}) => width > 0 && height > 0)) continue;
        const isDrawn = element.closest("svg text") !== null;
        check(element, isDrawn ? filled(element) : parsed(style(element).webkitTextFillColor));
      }
      const textless = ["checkbox", "color", "hidden", "image", "radio", "range"];
      for (const field of all("input, select, textarea")) {
        if (textless.includes(field.type) || (!field.value && !field.placeholder?.trim())) continue;
        if (field.value || !field.placeholder) {
          check(field, parsed(style(field).color));
        } else {
          const {color, opacity} = getComputedStyle(field, "::placeholder");
          check(field, faded(parsed(color), Number(opacity)), "placeholder ");
        }
      }
    };

    rules["link-in-text"] = report => {
      for (const link of all("a[href]")) {
        if (!isPerceived(link) || isOutOfSight(link) || style(link).display !== "inline") continue;
        let block = link.parentElement;
        while (block.parentElement && style(block).display === "inline") block = block.parentElement;
        const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
        let around = "";
        while (texts.nextNode()) {
          const owner = texts.currentNode.parentElement;
          if (!owner.closest("a, button") && isShown(owner)) around += texts.currentNode.data;
        }
        if (!/\p{L}{2}/u.test(around)) continue;
        const [own, outer] = [style(link), style(block)];
        const isMarked = own.textDecorationLine.includes("underline")
          || (parseFloat(own.borderBottomWidth) > 0 && own.borderBottomStyle !== "none")
          || ["fontWeight", "fontStyle", "fontFamily", "fontSize"].some(name => own[name] !== outer[name]);
        if (!isMarked && contrast(parsed(own.color), parsed(outer.color)) < 3) {
          report(link, "only its colour tells it from the text around, and that hardly");
        }
      }
    };
    """#
}
