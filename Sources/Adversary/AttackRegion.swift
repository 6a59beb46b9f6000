import Network

/// `Network.Region`, for those who name the pixels that an attack may change and need nothing else of that
/// module.
public typealias AttackRegion = Network.Region
