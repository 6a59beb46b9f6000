/// Rules of WCAG 2.2 A and AA that a script can check in a page, in the reach of axe-core's as far as our
/// pages have such things: no films, no sound, no frames of others.
///
/// They look at the page as it stands: what a closed `<details>` or a hidden element holds counts neither for
/// contrast nor for names, so a test opens it first, and asks again in the other colour scheme and on the
/// phone. They do not see text over pictures or over neighbours in the same place, what `::before` writes,
/// what is in frames and shadow trees, and whether a name or an order makes sense.
package enum AccessibilityRules {
  /// What breaks a rule.
  package struct Fault: Decodable, Equatable, Sendable, CustomStringConvertible {
    /// One of ``AccessibilityRules/names``.
    package let rule: String
    /// A CSS selector of the one element.
    package let selector: String
    /// What is wrong with it.
    package let problem: String
    package var description: String { "\(rule): \(selector): \(problem)" }
  }

  /// A function of the page for each rule, by name: it calls `report(element, problem)`.
  static let script = """
    const rules = {};
    \(helperScript)
    \(documentScript)
    \(controlScript)
    \(layoutScript)
    \(ariaScript)
    \(contrastScript)
    """

  /// Runs all rules, one after the other; a rule that fails itself is an error of the script.
  static let faultScript = """
    (() => {
      \(script)
      const faults = [];
      for (const rule of Object.keys(rules)) {
        rules[rule]((element, problem) => faults.push({rule, selector: selectorOf(element), problem}));
      }
      return faults;
    })()
    """

  static let nameScript = "(() => { \(script); return Object.keys(rules); })()"
}

extension Browser {
  /// What the page as it stands breaks of ``AccessibilityRules``, in their order and then the page's.
  package func accessibilityFaults() throws(BrowserError) -> [AccessibilityRules.Fault] {
    try value(of: AccessibilityRules.faultScript)
  }

  /// The names of the rules.
  package func accessibilityRules() throws(BrowserError) -> [String] {
    try value(of: AccessibilityRules.nameScript)
  }
}
