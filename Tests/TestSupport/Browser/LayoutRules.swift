/// Rules for where things are: nothing is wider than the page, nobody is kept from zooming and wider spaces,
/// and what is pressed is large enough for a finger.
extension AccessibilityRules {
  static let layoutScript = #"""
    rules["viewport"] = report => {
      const metas = all("meta[name=viewport i]");
      if (metas.length === 0) report(document.documentElement, "no viewport: a phone takes 980 px for it");
      for (const meta of metas) {
        const settings = Object.fromEntries(meta.content.toLowerCase().split(/[,;]/)
          .map(setting => setting.split("=").map(part => part.trim())));
        if (["no", "0"].includes(settings["user-scalable"])) report(meta, "forbids zooming");
        const scale = parseFloat(settings["maximum-scale"]);
        if (scale >= 0 && scale < 5) report(meta, `forbids zooming beyond ${scale}`);
      }
    };

    // Readers set wider spaces; a style that is important for one element alone forbids that.
    rules["text-spacing"] = report => {
      for (const element of all("[style*=important]")) {
        for (const name of ["letter-spacing", "line-height", "word-spacing"]) {
          if (element.style.getPropertyPriority(name)) report(element, `an important ${name}`);
        }
      }
    };

    // A phone shows all of a page that is too wide, in small: innerWidth grows with it, this width does not.
    rules["page-overflow"] = report => {
      const width = document.documentElement.clientWidth;
      if (document.scrollingElement.scrollWidth <= width) return;
      const rightEnd = element => element.getBoundingClientRect().right + scrollX;
      const isCut = element => {
        for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
          if (style(box).overflowX !== "visible") return true;
        }
        return false;
      };
      const outer = all("body *").find(element => rightEnd(element) > width + 0.5 && !isCut(element));
      const found = document.scrollingElement.scrollWidth;
      report(outer ?? document.documentElement, `the page is ${found} wide, the viewport ${width}`);
    };

    // WCAG 2.2 lets smaller ones pass that stand alone; here none does. A label counts with its control.
    rules["target-size"] = report => {
      const roles = ["button", "checkbox", "link", "menuitem", "radio", "slider", "switch", "tab"];
      const targets = "button, input:not([type=hidden]), select, textarea, summary, a[href], "
        + roles.map(role => `[role=${role}]`).join(", ");
      for (const target of all(targets)) {
        if (!isPerceived(target) || isDisabled(target)) continue;
        if (target.matches("a, [role=link]") && style(target).display === "inline") continue;
        const isTick = target.matches("[type=checkbox], [type=radio]");
        if (isOutOfSight(target) && !(isTick && target.labels.length > 0)) continue;
        const boxes = [target, ...(isTick ? target.labels : [])].filter(box => !isOutOfSight(box))
          .map(box => box.getBoundingClientRect());
        if (boxes.length === 0) continue;
        const width = Math.max(...boxes.map(box => box.right)) - Math.min(...boxes.map(box => box.left));
        const height = Math.max(...boxes.map(box => box.bottom)) - Math.min(...boxes.map(box => box.top));
        if (width < 23.95 || height < 23.95) {
          report(target, `${width.toFixed(1)}×${height.toFixed(1)} px, 24×24 are the least`);
        }
      }
    };
    """#
}
