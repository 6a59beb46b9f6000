import Network

/// Which pixels may change; see `Network.Region`.
public typealias Region = Network.Region
