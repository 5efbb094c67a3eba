package import Cost

// Stands in until the linter is merged.
package struct Subject: Sendable { package var interval: Interval }
